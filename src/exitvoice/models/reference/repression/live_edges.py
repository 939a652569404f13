"""The same law worked out another way: without repression, even thresholds are one acquaintance picked by each.

A threshold even in (0, 1) on the share of acquaintances is, in law, one acquaintance picked at random whom one follows
(D. Kempe, J. Kleinberg, E. Tardos, KDD 2003, theorem 2.5). Who in the end protests is who follows somebody who
follows somebody ... who began. It holds where beginners are always seen and nobody is removed.
"""

import numpy as np

from exitvoice.engine.networks import Network
from exitvoice.engine.networks.draws import below, draw_words

LIVE_STREAM = 600
BEGINNER_STREAM = 601


def live_edge_size(network: Network, seed: int) -> int:
    """How many protest in the end, by following picks; its own draws, of one beginner and acquaintances."""
    nodes = network.nodes
    first = int(below(draw_words(1, BEGINNER_STREAM, seed)[0, 0:1], nodes)[0])
    picks = below(draw_words(nodes, LIVE_STREAM, seed)[:, 0], network.degrees)
    ahead = network.sources[network.offsets[:-1] + picks].astype(np.int64)
    began = np.append(network.neighbours(first), first)
    ahead[began] = began  # who began follows nobody
    for _ in range(int(np.ceil(np.log2(max(nodes, 2))))):
        ahead = ahead[ahead]
    reached = np.zeros(nodes, bool)
    reached[began] = True
    return int(reached[ahead].sum())
