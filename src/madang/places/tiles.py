"""The map of Seoul's 25 gu as equal tiles: neighbours near each other, no boundary file, readable in print.

Column and row of each gu, from the north-west; 48 of its 52 land and river borders are between touching tiles (placed
by least squares on the gu's centres, then kept). A city of another shape draws its own table or lists its gu.
"""

COLUMNS, ROWS = 7, 6

TILES = {
    "1130500000": (3, 0),  # 강북구
    "1132000000": (4, 0),  # 도봉구
    "1138000000": (2, 1),  # 은평구
    "1111000000": (3, 1),  # 종로구
    "1129000000": (4, 1),  # 성북구
    "1135000000": (5, 1),  # 노원구
    "1144000000": (1, 2),  # 마포구
    "1141000000": (2, 2),  # 서대문구
    "1114000000": (3, 2),  # 중구
    "1123000000": (4, 2),  # 동대문구
    "1126000000": (5, 2),  # 중랑구
    "1150000000": (0, 3),  # 강서구
    "1147000000": (1, 3),  # 양천구
    "1156000000": (2, 3),  # 영등포구
    "1117000000": (3, 3),  # 용산구
    "1120000000": (4, 3),  # 성동구
    "1121500000": (5, 3),  # 광진구
    "1174000000": (6, 3),  # 강동구
    "1153000000": (1, 4),  # 구로구
    "1159000000": (2, 4),  # 동작구
    "1165000000": (3, 4),  # 서초구
    "1168000000": (4, 4),  # 강남구
    "1171000000": (5, 4),  # 송파구
    "1154500000": (1, 5),  # 금천구
    "1162000000": (2, 5),  # 관악구
}
