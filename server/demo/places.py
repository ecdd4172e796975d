"""Where people live: cities with their zone, language and place on the globe."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from server.demo.chance import ranked


@dataclass(frozen=True, slots=True)
class Place:
    """A city and what it says of those who live there."""

    city: str
    country: str
    zone: str
    language: str
    region: str
    latitude: float
    longitude: float


# The order is the order of size in our shop's books.
PLACES: Final = tuple(
    Place(city, country, zone, language, region, latitude, longitude)
    for city, country, zone, language, region, latitude, longitude in (
        ("Berlin", "DE", "Europe/Berlin", "de", "german", 52.52, 13.405),
        ("London", "GB", "Europe/London", "en", "english", 51.507, -0.128),
        ("New York", "US", "America/New_York", "en", "english", 40.713, -74.006),
        ("San Francisco", "US", "America/Los_Angeles", "en", "english", 37.775, -122.419),
        ("Stockholm", "SE", "Europe/Stockholm", "sv", "nordic", 59.329, 18.069),
        ("Paris", "FR", "Europe/Paris", "fr", "french", 48.857, 2.352),
        ("Munich", "DE", "Europe/Berlin", "de", "german", 48.137, 11.575),
        ("Bengaluru", "IN", "Asia/Kolkata", "en", "indian", 12.972, 77.594),
        ("São Paulo", "BR", "America/Sao_Paulo", "pt", "iberian", -23.551, -46.633),
        ("Tokyo", "JP", "Asia/Tokyo", "ja", "japanese", 35.677, 139.65),
        ("Austin", "US", "America/Chicago", "en", "english", 30.267, -97.743),
        ("Madrid", "ES", "Europe/Madrid", "es", "iberian", 40.417, -3.704),
        ("Toronto", "CA", "America/Toronto", "en", "english", 43.653, -79.383),
        ("Milan", "IT", "Europe/Rome", "it", "italian", 45.464, 9.19),
        ("Warsaw", "PL", "Europe/Warsaw", "pl", "polish", 52.23, 21.012),
        ("Copenhagen", "DK", "Europe/Copenhagen", "da", "nordic", 55.676, 12.568),
        ("Sydney", "AU", "Australia/Sydney", "en", "english", -33.869, 151.209),
        ("Vienna", "AT", "Europe/Vienna", "de", "german", 48.208, 16.372),
        ("Mexico City", "MX", "America/Mexico_City", "es", "iberian", 19.433, -99.133),
        ("Lagos", "NG", "Africa/Lagos", "en", "african", 6.524, 3.379),
        ("Lyon", "FR", "Europe/Paris", "fr", "french", 45.764, 4.836),
        ("Oslo", "NO", "Europe/Oslo", "no", "nordic", 59.914, 10.752),
        ("Mumbai", "IN", "Asia/Kolkata", "en", "indian", 19.076, 72.878),
        ("Lisbon", "PT", "Europe/Lisbon", "pt", "iberian", 38.722, -9.139),
        ("Nairobi", "KE", "Africa/Nairobi", "en", "african", -1.292, 36.822),
        ("Kraków", "PL", "Europe/Warsaw", "pl", "polish", 50.065, 19.945),
        ("Helsinki", "FI", "Europe/Helsinki", "fi", "nordic", 60.17, 24.938),
        ("Rome", "IT", "Europe/Rome", "it", "italian", 41.903, 12.496),
        ("Auckland", "NZ", "Pacific/Auckland", "en", "english", -36.851, 174.765),
        ("Cape Town", "ZA", "Africa/Johannesburg", "en", "african", -33.925, 18.424),
    )
)

POPULAR: Final = ranked(PLACES, 0.6)
