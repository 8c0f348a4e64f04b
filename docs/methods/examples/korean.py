"""Short Korean texts in a notebook: find while typing, look for the like, group into topics."""

# %% Some wishes
from madang.methods.korean import Index, find
from madang.methods.korean.topics import terms, topics

wishes = {
    "1": "시흥4동 보행로에 조명을 달아 주세요",
    "2": "어두운 보행로, 밤에 조명 설치가 필요합니다",
    "3": "독산1동 보행로 조명을 밝게",
    "4": "청년 주거비를 지원해 주세요",
    "5": "청년의 월세 주거비 지원을 늘려 주세요",
}

# %% Find while typing
print([each.key for each in find("ㅂㅎㄹ", wishes)], [each.key for each in find("주거ㅂ", wishes)])

# %% Is there one like mine? Suggestions, with their reason, and whether they are about another place
index = Index()
for key, wish in wishes.items():
    index.add(key, wish)
for match in index.like("시흥4동 보행로 조명 설치", most=3):
    print(match.likeness, wishes[match.key], match.shared, "elsewhere" if match.elsewhere else "")

# %% What are they about?
print([term.word for term in terms(list(wishes.values()))])
for topic in topics(list(wishes.values()), 2).topics:
    print(topic.size, [term.word for term in topic.terms])
