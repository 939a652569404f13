"""Colours: readable on their paper, and told apart under every common kind of colour blindness."""

import itertools
import json
import re

import numpy as np
import pytest

from exitvoice.report.palette import DARK, LIGHT, css_variables, dark_partners, dark_twin

# Machado, Oliveira and Fernandes (2009), severity 1: what an eye without one kind of cone sees.
EYES = {
    "all cones": np.eye(3),
    "no L cones": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "no M cones": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "no S cones": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}
APART = 12.0  # distance in CIELAB; about 2.3 is just noticeable side by side


def linear(colour):
    parts = np.array([int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)])
    return np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)


def lab(light):
    matrix = [
        [0.4124564, 0.3575761, 0.1804375],
        [0.2126729, 0.7151522, 0.0721750],
        [0.0193339, 0.1191920, 0.9503041],
    ]
    xyz = np.array(matrix) @ light / np.array([0.95047, 1.0, 1.08883])
    root = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * root[1] - 16, 500 * (root[0] - root[1]), 200 * (root[1] - root[2])])


def least_distance(colours, eye):
    seen = [lab(np.clip(np.array(EYES[eye]) @ linear(colour), 0, 1)) for colour in colours]
    return min(float(np.linalg.norm(one - other)) for one, other in itertools.combinations(seen, 2))


def contrast(one, other):
    low, high = sorted(float(np.array([0.2126, 0.7152, 0.0722]) @ linear(colour)) for colour in (one, other))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("eye", EYES)
@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_series_are_told_apart(palette, eye):
    assert least_distance([*palette.series, palette.rest], eye) > APART


def test_red_and_green_would_not_pass():
    assert least_distance(["#c23b22", "#8f6a14"], "no M cones") < APART


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_text_is_readable(palette):
    for ground in (palette.paper, palette.raised):
        assert contrast(palette.ink, ground) > 10
        assert contrast(palette.muted, ground) > 4.5
        assert contrast(palette.cost, ground) > 4.5


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_steps_go_one_way(palette):
    lightness = [lab(linear(colour))[0] for colour in palette.steps]
    assert lightness == sorted(lightness, reverse=palette is LIGHT)


def test_every_light_colour_has_one_dark_partner():
    partners = dark_partners()
    assert (
        len(partners)
        == len(set(css_variables(LIGHT).split("; ")))
        == len(set(css_variables(DARK).split("; ")))
    )
    assert all(re.fullmatch("#[0-9a-f]{6}", colour) for pair in partners.items() for colour in pair)
    assert not set(partners) & set(partners.values())  # or exchanging twice would change a colour again


def test_a_figure_turns_dark_by_exchanging_colours():
    figure = {"ink": LIGHT.ink, "other": "#123456"}
    assert json.loads(dark_twin(json.dumps(figure))) == {"ink": DARK.ink, "other": "#123456"}
