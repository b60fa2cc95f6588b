"""Figures that others published, for comparison."""

__all__ = [
    "FIGURE_7_PEAK",
    "FIGURE_7_SPEED_UPS",
    "GAP8_PEAK",
    "GAP8_SOURCE",
    "TABLE_III",
    "TABLE_III_SOURCE",
    "TABLE_III_TOPS_PER_WATT",
]

TABLE_III_SOURCE = "A. Nadalini et al., ISVLSI 2023, 10.1109/ISVLSI59464.2023.10238679, Table III"

# MAC/cycle of eight cores on the MatMul kernels, core -> pair -> figure. Some cells of the paper are empty.
TABLE_III = {
    "ri5cy": {"a8w8": 16.6, "a8w4": 6.38, "a8w2": 4.91},
    "mpic": {"a8w8": 16.45, "a8w4": 19.19, "a8w2": 19.55, "a4w4": 32.08, "a4w2": 35.91, "a2w2": 57.44},
    "xpulpnn": {"a8w8": 26.1, "a8w4": 7.63, "a8w2": 6.07, "a4w4": 49.5, "a4w2": 7.62, "a2w2": 90.8},
    "flexv": {"a8w8": 26.9, "a8w4": 27.6, "a8w2": 27.8, "a4w4": 50.6, "a4w2": 51.9, "a2w2": 91.5},
}

# TOPS/W of the same cells, at 250 MHz. MPIC's a2w2 is out of line with the rest of its row, as if misprinted.
TABLE_III_TOPS_PER_WATT = {
    "ri5cy": {"a8w8": 0.67, "a8w4": 0.28, "a8w2": 0.25},
    "mpic": {"a8w8": 0.53, "a8w4": 0.59, "a8w2": 0.60, "a4w4": 0.87, "a4w2": 0.93, "a2w2": 0.84},
    "xpulpnn": {"a8w8": 0.79, "a8w4": 0.20, "a8w2": 0.20, "a4w4": 1.60, "a4w2": 0.23, "a2w2": 2.99},
    "flexv": {"a8w8": 0.87, "a8w4": 0.96, "a8w2": 1.01, "a4w4": 1.71, "a4w2": 1.87, "a2w2": 3.26},
}

# What the text of the same paper says of its Figure 7, a 3x3 convolution: the peak of Flex-V in MAC/cycle,
# and how many times as fast it is at best as each of the others. The bars themselves have no figures.
FIGURE_7_PEAK = 38.2
FIGURE_7_SPEED_UPS = {"ri5cy": 8.5, "xpulpnn": 4.5, "mpic": 1.4}

# Peak of the 27 kernels on eight GAP-8 cores, MAC/cycle; the paper gives no figure for the others.
GAP8_PEAK = 16.0
GAP8_SOURCE = "N. Bruschi et al., CF 2020, arXiv:2007.07759"
