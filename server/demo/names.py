"""What people are called, region by region, and how a name becomes the key of a contact."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping
    from random import Random

_PLAIN = str.maketrans({"ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "ß": "ss", "æ": "ae"})

# A region, first names, a hyphen, last names.
_POOLS_TEXT: Final = """\
english
Olivia Jack Amelia Harry Isla Noah Grace Leo Ruby Ethan Chloe Owen Hannah Liam Zoe Nathan
Abigail Caleb Naomi Wyatt Audrey Miles Hazel Simon
-
Carter Bennett Hughes Foster Reed Walsh Parker Brooks Hayes Sullivan Coleman Price Barnes Fisher
Marsh Doyle Spencer Whitfield Lowe Chambers Quinn Harper

german
Lena Jonas Mia Felix Clara Lukas Johanna Paul Greta Moritz Katharina Niklas Frieda Tobias Anke
Matthias Sabine Jürgen Heike Florian
-
Müller Schneider Weber Becker Hoffmann Schäfer Koch Richter Klein Wolf Neumann Braun Zimmermann
Krüger Hartmann Vogel Lehmann Böhm Sommer Brandt

nordic
Freja Lars Ingrid Mikkel Astrid Erik Sigrid Oskar Linnea Henrik Ebba Anders Signe Mathias Tove
Jens Solveig Nils Elin Rasmus
-
Lindberg Nyström Hansen Dahl Bergström Nielsen Berg Holm Sørensen Ekström Lund Strand Eriksen
Virtanen Koskinen Øverland Sandberg Friis Hedlund Aalto

french
Camille Hugo Manon Louis Chloé Théo Inès Antoine Margaux Julien Élodie Bastien Lucie Romain
Noémie Gaël Agathe Rémi
-
Laurent Moreau Lefèvre Girard Bonnet Fontaine Chevalier Mercier Gauthier Perrin Renaud Marchand
Dufour Blanchard Leclerc Barbier Colin Roche

iberian
Lucía Mateo Sofía Diego Valentina Javier Carmen Álvaro Marta Thiago Beatriz Rafael Inês Gabriel
Camila Joaquín Renata Bruno Paloma Tomás
-
García Fernández Ortega Navarro Romero Silva Costa Pereira Oliveira Almeida Vargas Castillo
Herrera Medina Rocha Carvalho Fuentes Barros Salazar Ibáñez

italian
Giulia Marco Chiara Lorenzo Elena Matteo Francesca Davide Alessia Stefano Ilaria Pietro Serena
Tommaso Bianca Emanuele
-
Rossi Conti Ricci Marino Greco Gallo Ferrara Rinaldi Caruso Villa Fabbri Serra Pellegrini
Bianchi Moretti Santoro Vitale Leone

polish
Zofia Jakub Hanna Szymon Alicja Filip Maja Wojciech Agnieszka Piotr Magdalena Tomasz Katarzyna
Michał Ewa Paweł
-
Kowalski Nowak Wiśniewski Lewandowski Zieliński Wójcik Mazur Krawczyk Dąbrowski Król Pawlak
Sikora Baran Szewczyk Górski Rutkowski

indian
Aarav Diya Vivaan Ananya Arjun Isha Rohan Kavya Aditya Meera Karthik Nisha Rahul Priya Sanjay
Lakshmi Vikram Pooja
-
Sharma Patel Iyer Reddy Gupta Nair Mehta Rao Kapoor Menon Chatterjee Desai Joshi Bhat Kulkarni
Malhotra Pillai Bose

japanese
Haruto Yui Sota Aoi Ren Hina Yuto Sakura Kenji Emi Daiki Naoko Takumi Mio Hiroshi Ayaka
-
Sato Suzuki Takahashi Tanaka Watanabe Ito Yamamoto Nakamura Kobayashi Kato Yoshida Mori Ishikawa
Hayashi Fujita Okada

african
Amara Kwame Zainab Tunde Wanjiru Sipho Ngozi Kofi Adaeze Thabo Imani Chidi Fatou Lindiwe Otieno
Nia
-
Okafor Mensah Adeyemi Mwangi Dlamini Nkosi Abiola Owusu Kamau Eze Diallo Ndlovu Achieng Balogun
Boateng Mokoena
"""

_CAST_TEXT: Final = """\
Maya Theo Nora Elias Priya Jonah Leila Marcus Sofie Rafael Yara Daniel Amina Victor Helena Samir
Tessa Julian Noor Adrian Mila Oscar Farah Gideon Petra Kenji Alba Dario Irina Malik Vera Anton
Salma Hugo Lotte Idris Celia Bram Keiko Rowan
-
Lindqvist Okonkwo Brandão Haddad Sørby Kapadia Winter Moreno Falk Ferreira Aziz Holloway Petrov
Castellan Novak Grant Sato Ekberg Dubois Rahman Vance Keller Marsh Torres Bianco Sandoval Adler
Mbeki Laurent Osei Hale Nakagawa Rossi Thorne Duarte Yilmaz Blom Ashby Reyes Fontana Iversen
Mehra Calloway Stern Vidal Quist Pasternak
"""


def _pool(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    first, last = text.split("\n-\n")
    return tuple(first.split()), tuple(last.split())


_POOLS: Final[Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]]] = {
    region: _pool(text)
    for region, text in (block.split("\n", 1) for block in _POOLS_TEXT.split("\n\n"))
}
_CAST_FIRST, _CAST_LAST = _pool(_CAST_TEXT)


def slug(text: str) -> str:
    """Return a text in small ASCII letters, digits and hyphens."""
    plain = unicodedata.normalize("NFKD", text.translate(_PLAIN)).encode("ascii", "ignore").decode()
    return "-".join("".join(c if c.isalnum() else " " for c in plain.lower()).split())


def mail(name: str, domain: str) -> str:
    """Return the address of a person, which is the contact's key."""
    return f"{slug(name).replace('-', '.')}@{domain}"


def someone(roll: Random, region: str) -> str:
    """Return a first and a last name of a region."""
    first, last = _POOLS[region]
    return f"{roll.choice(first)} {roll.choice(last)}"


def of_cast(number: int) -> str:
    """Return the name of the n-th planted person; no two have the same one."""
    rounds = number // len(_CAST_FIRST)
    last = (7 * number + rounds) % len(_CAST_LAST)
    return f"{_CAST_FIRST[number % len(_CAST_FIRST)]} {_CAST_LAST[last]}"
