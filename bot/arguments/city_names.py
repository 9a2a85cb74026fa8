"""Large cities that have no time zone of their own name, with the zone they are in, in English and Korean.

The names of zones, countries and capitals come from CLDR; this list adds other names that users type. Zones: IANA
tzdata.
"""

CITIES = {
    "Asia/Seoul": "busan, incheon, daegu, daejeon, gwangju, jeju, 부산, 인천, 대구, 대전, 광주, 울산, 수원, 제주, "
    "세종, korea standard time, 한국 표준시",
    "Asia/Tokyo": "osaka, kyoto, yokohama, nagoya, fukuoka, sapporo, 도쿄, 동경, 오사카, 교토, 후쿠오카, 삿포로, "
    "나고야",
    "Asia/Shanghai": "beijing, peking, shenzhen, guangzhou, hangzhou, chengdu, 베이징, 북경, 상하이, 상해, 선전, "
    "심천, 광저우",
    "Asia/Hong_Kong": "hongkong, hong kong, 홍콩",
    "Asia/Macau": "macao, 마카오",
    "Asia/Taipei": "taiwan, 타이완, 대만, 타이베이",
    "Asia/Ho_Chi_Minh": "saigon, hanoi, da nang, vietnam, 하노이, 다낭, 호치민, 사이공",
    "Asia/Kolkata": "mumbai, bombay, delhi, new delhi, bangalore, bengaluru, chennai, hyderabad, calcutta, 뭄바이, "
    "델리, 뉴델리, 벵갈루루",
    "Asia/Dubai": "abu dhabi, uae, 아부다비",
    "Asia/Jerusalem": "tel aviv, 텔아비브",
    "Asia/Makassar": "bali, denpasar, 발리",
    "Asia/Manila": "cebu, 세부",
    "Asia/Bangkok": "phuket, chiang mai, 푸껫, 푸켓, 치앙마이",
    "Asia/Karachi": "lahore, islamabad",
    "Europe/London": "uk, england, britain, great britain, scotland, wales, manchester, edinburgh, 영국, 잉글랜드, "
    "맨체스터",
    "Europe/Berlin": "munich, frankfurt, hamburg, cologne, stuttgart, 뮌헨, 프랑크푸르트, 함부르크",
    "Europe/Zurich": "geneva, basel, bern, 제네바",
    "Europe/Madrid": "barcelona, valencia, seville, 바르셀로나",
    "Europe/Rome": "milan, naples, turin, venice, 밀라노, 베네치아",
    "Europe/Paris": "lyon, marseille, nice, 리옹, 마르세유",
    "Europe/Amsterdam": "rotterdam, the hague, holland",
    "Europe/Istanbul": "ankara, turkey, 앙카라, 터키",
    "Europe/Kyiv": "kiev",
    "Europe/Moscow": "st petersburg, saint petersburg, 상트페테르부르크",
    "Europe/Prague": "czech republic",
    "America/New_York": "nyc, washington, washington dc, boston, miami, atlanta, philadelphia, 워싱턴, 보스턴, "
    "마이애미, 애틀랜타, 미국 동부, 동부 시간, 미 동부, eastern, us eastern, et",
    "America/Chicago": "dallas, houston, austin, 텍사스, 댈러스, 휴스턴, 오스틴, 미국 중부, us central, ct",
    "America/Denver": "salt lake city, 덴버, us mountain, mt",
    "America/Los_Angeles": "la, san francisco, seattle, san diego, las vegas, silicon valley, portland, 엘에이, "
    "샌프란시스코, 시애틀, 라스베이거스, 미국 서부, 미 서부, us pacific, pacific, pt",
    "America/Toronto": "ottawa, montreal, 오타와, 몬트리올",
    "America/Vancouver": "victoria bc",
    "America/Edmonton": "calgary, 캘거리",
    "America/Sao_Paulo": "rio de janeiro, rio, brasilia, 리우데자네이루, 브라질리아",
    "Australia/Sydney": "canberra, 캔버라",
    "Australia/Brisbane": "gold coast, 골드코스트",
    "Pacific/Auckland": "wellington, 웰링턴",
    "Pacific/Honolulu": "hawaii, 하와이",
    "Africa/Johannesburg": "cape town, 케이프타운",
}
"""Names of cities by zone, separated by commas."""

COUNTRIES = {
    "KR": "korea, 한국, 남한, republic of korea",
    "US": "us, usa, america, united states of america",
    "AE": "emirates, 아랍에미리트",
    "CN": "prc",
    "AU": "호주",
}
"""More names of countries, by their ISO 3166 code."""

ABBREVIATIONS = {
    "Asia/Singapore": "SGT",
    "Asia/Kuala_Lumpur": "MYT",
    "Asia/Bangkok": "ICT",
    "Asia/Manila": "PHT, PHST",
    "Asia/Dhaka": "BST, BDT",
    "Asia/Dubai": "GST",
    "Asia/Riyadh": "AST",
    "Asia/Tehran": "IRST",
    "Asia/Kabul": "AFT",
    "Asia/Kathmandu": "NPT",
    "Asia/Yangon": "MMT",
    "Asia/Tashkent": "UZT",
    "Asia/Yerevan": "AMT",
    "Asia/Vladivostok": "VLAT",
    "Europe/Istanbul": "TRT",
    "America/Sao_Paulo": "BRT",
    "America/Manaus": "AMT",
    "America/Argentina/Buenos_Aires": "ART",
    "America/Santiago": "CLT, CLST",
    "America/Bogota": "COT",
    "America/Lima": "PET",
    "America/Caracas": "VET",
    "Australia/Sydney": "AET, EST",
}
"""Abbreviations that tzdata leaves out, by zone."""

_USUAL = (
    "Asia/Seoul UTC Europe/London America/New_York America/Los_Angeles America/Chicago America/Denver "
    "Asia/Tokyo Asia/Shanghai Asia/Hong_Kong Asia/Singapore Asia/Kolkata Europe/Berlin Europe/Paris "
    "Europe/Madrid Europe/Lisbon Europe/Athens Europe/Moscow Europe/Dublin Asia/Jerusalem Asia/Dubai "
    "Asia/Riyadh Asia/Manila Asia/Jakarta Asia/Makassar Asia/Karachi Asia/Dhaka America/Toronto "
    "America/Vancouver America/Halifax America/Phoenix America/Anchorage Pacific/Honolulu "
    "America/Sao_Paulo America/Manaus America/Mexico_City America/Tijuana America/Argentina/Buenos_Aires "
    "America/Santiago Australia/Sydney Australia/Brisbane Australia/Adelaide Australia/Darwin "
    "Australia/Perth Pacific/Auckland Africa/Johannesburg Africa/Lagos Africa/Nairobi Africa/Cairo "
    "Asia/Yerevan Asia/Vladivostok Asia/Yekaterinburg Asia/Kathmandu Asia/Yangon Asia/Tehran Asia/Kabul"
)
USUAL = tuple(_USUAL.split())
"""Zones that represent all zones with the same clock, the best known first."""
