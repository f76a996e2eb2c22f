"""What stands on the pages: words of several languages and scripts, names, numbers."""

import random

ENGLISH = (
    "revenue growth market share quarter forecast budget customer region team plan result risk "
    "model system network latency throughput memory queue server client request response cache "
    "analysis summary overview design method review status owner priority deadline delivery "
    "support release version feature roadmap vision strategy target audience channel campaign "
    "average maximum minimum total change difference ratio index value rate cost price margin "
    "patient sample trial dose group control study evidence cohort baseline outcome survey "
    "energy power voltage current signal noise sensor filter pressure temperature velocity "
    "student course lecture chapter exercise answer question example definition theorem proof "
    "the of and in to for with from by on at over under between per about each when while then "
    "open close save print export import search replace select insert delete settings account "
    "Monday Tuesday Friday January March June October winter summer north south east west"
).split()
LATIN = (
    "Übersicht Größe Straße Umsätze Qualität für über können müssen schließen "
    "résumé données été élève château où déjà français garçon noël "
    "años señal información mañana corazón niño también español ¿qué? ¡hola! "
    "zażółć gęślą jaźń łódź święto źródło příliš žluťoučký kůň ďábelské ódy "
    "İstanbul değer güneş çözüm ışık são coração função população "
    "Tiếng Việt được người những một không phương pháp kết quả"
).split()
CYRILLIC = (
    "Привет отчёт рынок доход система данные пример задача решение график таблица вопрос "
    "Україна їжак ґанок мережа швидкість Объём съезд ещё книга"
).split()
GREEK = "Ωμέγα αποτέλεσμα σύστημα παράδειγμα ανάλυση κόστος τιμή μέση γράφημα ερώτηση".split()
CHINESE = (
    "数据 分析 系统 网络 结果 增长 市场 报告 示例 问题 方法 服务器 内存 时间 标题 图表 中文 繁體"
).split()
JAPANESE = (
    "データ 分析 システム 結果 売上 市場 レポート 例題 質問 方法 こんにちは 図表 表題".split()
)
KOREAN = "데이터 분석 시스템 결과 성장 시장 보고서 예제 질문 방법 안녕하세요 도표 제목".split()
ARABIC = "البيانات تحليل النظام الشبكة النتيجة النمو السوق تقرير مثال سؤال طريقة".split()
HEBREW = "נתונים ניתוח מערכת רשת תוצאה צמיחה שוק דוח דוגמה שאלה שיטה".split()
DEVANAGARI = "डेटा विश्लेषण प्रणाली नेटवर्क परिणाम विकास बाज़ार रिपोर्ट उदाहरण प्रश्न विधि".split()
THAI = "ข้อมูล วิเคราะห์ ระบบ เครือข่าย ผลลัพธ์ ตลาด รายงาน ตัวอย่าง คำถาม".split()
OTHER_SCRIPTS = (
    CYRILLIC, GREEK, CHINESE, JAPANESE, KOREAN, ARABIC, HEBREW, DEVANAGARI, THAI,
)  # fmt: skip
SYMBOLS = "± × ≤ ≥ → ← • “quoted” & § ° € £ % № … – ‰ © ✓ ✗ ∑ ∂ µ Δ (a) [1] {x} <y> @ #1".split()
NAMES = (
    "Anna Miller,Jonas Weber,Priya Nair,Chen Wei,Marta Kowalska,Luis Ortega,Aisha Khan,Tom Baker,"
    "Zoë Dubois,Igor Petrov,Yuki Tanaka,Olga Novak,Ben Adler,Sofia Rossi,Emeka Obi,Ida Larsen"
).split(",")


def word(rng: random.Random) -> str:
    """Give one word; mostly English."""
    chance = rng.random()
    if chance < 0.80:
        one = rng.choice(ENGLISH)
        return one.capitalize() if rng.random() < 0.15 else one
    if chance < 0.88:
        return rng.choice(LATIN)
    if chance < 0.96:
        return number(rng)
    return rng.choice(SYMBOLS)


def words(rng: random.Random, least: int, most: int) -> str:
    """Give a run of words."""
    return " ".join(word(rng) for _ in range(rng.randint(least, most)))


def foreign(rng: random.Random, least: int, most: int) -> str:
    """Give a run of words of one other script."""
    script = rng.choice(OTHER_SCRIPTS)
    return " ".join(rng.choices(script, k=rng.randint(least, most)))


def title(rng: random.Random) -> str:
    """Give a heading of one to five words."""
    run = " ".join(rng.choices(ENGLISH, k=rng.randint(1, 5)))
    return run.title() if rng.random() < 0.4 else run.capitalize()


def label(rng: random.Random) -> str:
    """Give one or two English words, as on a button or an axis."""
    return " ".join(rng.choices(ENGLISH, k=rng.choice((1, 1, 2)))).capitalize()


def sentence(rng: random.Random) -> str:
    """Give a sentence of five to eighteen words."""
    run = words(rng, 5, 18)
    return run[0].upper() + run[1:] + rng.choice((".", ".", ".", "?", ":"))


def number(rng: random.Random) -> str:
    """Give a number as people write it."""
    value = rng.choice((1, 10, 1000, 100_000)) * rng.random()
    form = rng.choice(("{:.0f}", "{:.1f}", "{:.2f}", "{:,.0f}", "{:.1f}%", "${:,.2f}", "{:.1f} kB"))
    return form.format(value)


def name(rng: random.Random) -> str:
    """Give a person's name."""
    return rng.choice(NAMES)


def date(rng: random.Random) -> str:
    """Give a date as people write it."""
    year, month, day = rng.randint(1998, 2031), rng.randint(1, 12), rng.randint(1, 28)
    form = rng.choice(("{0}-{1:02}-{2:02}", "{2:02}.{1:02}.{0}", "{1}/{2}/{0}", "{2:02}/{1:02}"))
    return form.format(year, month, day)
