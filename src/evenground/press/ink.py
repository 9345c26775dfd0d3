"""The palette: neutrals and one accent. Charts are drawn with these names; pages give them colours for
light, dark and paper."""

from __future__ import annotations

LIGHT = {
    "ink": "#1a1a1a",  # text and what the eye should find second
    "soft": "#595959",  # secondary text
    "rule": "#767676",  # marks that are not text: at least 3:1
    "grid": "#dedede",  # lines to hold on to; carry no meaning of their own
    "accent": "#0072b2",  # only what the sentence is about
    "ground": "#ffffff",  # the paper
    "tint": "#d4e8f4",  # ribbon under the accent
    "deep1": "#6b6b6b",
    "deep2": "#cfcfcf",
    "deep3": "#9ccbe8",
    "deep4": "#0072b2",  # achievement levels, lowest to highest
    "on1": "#ffffff",
    "on2": "#1a1a1a",
    "on3": "#1a1a1a",
    "on4": "#ffffff",  # words on them
}
DARK = {
    "ink": "#ececec",
    "soft": "#b3b3b3",
    "rule": "#8f8f8f",
    "grid": "#3a3a3a",
    "accent": "#5cb8ec",
    "ground": "#161616",
    "tint": "#17384a",
    "deep1": "#8a8a8a",
    "deep2": "#4a4a4a",
    "deep3": "#1f5675",
    "deep4": "#5cb8ec",
    "on1": "#101010",
    "on2": "#ffffff",
    "on3": "#ffffff",
    "on4": "#101010",
}


def variables(palette: dict[str, str]) -> str:
    """The palette as CSS custom properties."""
    return "".join(f"--{name}:{colour};" for name, colour in palette.items())


def contrast(first: str, second: str) -> float:
    """Contrast ratio of two colours as WCAG 2.2 defines it: (lighter + 0.05) / (darker + 0.05) of
    relative luminance."""
    lighter, darker = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    channels = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
