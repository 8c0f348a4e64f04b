"""Maps of opinion: who stands near whom, what each group stands for, what unites them — live, exact, order-free.

    conversation = Conversation.recount(read_votes(Path("votes.csv")))
    print(told(opinion_map(conversation, read_statements(Path("comments.csv")))))

See docs/methods/opinion.md. Needs numpy and scipy; numba where there is one.
"""

from madang.methods.opinion.areas import Areas, Claim, areas, bridging, uniting
from madang.methods.opinion.axes import Axes, axes
from madang.methods.opinion.conversation import Conversation, log_of
from madang.methods.opinion.groups import Grouping
from madang.methods.opinion.live import Live
from madang.methods.opinion.mapping import ANONYMITY, OpinionMap, as_json, opinion_map
from madang.methods.opinion.places import Place, polis_places, ridge_place, ridge_places
from madang.methods.opinion.portraits import Said, consensus, group_aware, priorities, representative
from madang.methods.opinion.reading import Statement, Unreadable, Votes, read_names, read_statements, read_votes
from madang.methods.opinion.wording import portrait, told

__all__ = [
    "ANONYMITY", "Areas", "Axes", "Claim", "Conversation", "Grouping", "Live", "OpinionMap", "Place", "Said", "Statement",
    "Unreadable", "Votes", "areas", "as_json", "axes", "bridging", "consensus", "group_aware", "log_of", "opinion_map",
    "polis_places", "portrait", "priorities", "read_names", "read_statements", "read_votes", "representative", "ridge_place",
    "ridge_places", "told", "uniting",
]  # fmt: skip
