from evenground.cli import main

main()
