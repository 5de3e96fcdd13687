"""Invented names for the demonstration. Any likeness to a person is chance: parts are drawn by a seeded dice."""

from random import Random

GIVEN = (
    "Ada Aisha Alfie Amara Amir Anya Archie Ayaan Beth Bilal Bronwen Callum Carys Chidi Chloe Dafydd Daisy Daniyal "
    "Efua Elin Ellis Emeka Erin Esme Farah Finlay Freya Gethin Grace Hamza Hana Harriet Idris Imogen Iona Isaac "
    "Jasmin Jaya Jonah Kasia Keira Khalid Lena Leo Lowri Luca Maja Malachi Mariam Megan Milo Nadia Niamh Noah "
    "Olek Oscar Padma Phoebe Priya Rafi Rhys Rosa Ruby Saffron Samir Seren Sienna Sunita Tariq Tegan Theo Tomasz "
    "Una Victor Wiktor Yasmin Yusuf Zara Zosia"
).split()
FAMILY = (
    "Abara Ahmed Ashworth Bakare Barlow Bevan Bielak Birch Carrow Chaudhry Cole Dacre Davies Dunmore Eze Fairley "
    "Farooq Finch Garside Ghosh Goodall Griffiths Hale Hargreaves Hughes Hussain Ibekwe Iqbal Jankowska Jarvis "
    "Kapoor Kaur Kettle Khan Kowal Lacey Langford Llewellyn Mahmood Marsh Mensah Nowak Nunn O'Dowd Okafor Osei "
    "Parekh Patel Penrose Pike Quill Rahman Rees Rowe Saleh Sandhu Sharpe Sowden Stokes Thackray Tully Unwin "
    "Varga Vaughan Wain Wójcik Wren Yates Zaman"
).split()


def draw_names(dice: Random, count: int) -> list[tuple[str, str]]:
    """``count`` (given, family) pairs, no pair twice. At most ``len(GIVEN) * len(FAMILY)``."""
    pairs: dict[tuple[str, str], None] = {}
    while len(pairs) < count:
        pairs[(dice.choice(GIVEN), dice.choice(FAMILY))] = None
    return list(pairs)
