/** What the people and places of the demo bank are called. All invented; resemblance is chance. */
export const WOMEN =
  'Anna Marie Sofia Lena Emma Hanna Clara Laura Julia Lisa Katharina Sarah Nina Eva Elena Mia Johanna Paula Teresa Ines Greta Ida Frieda Ruth Helga Monika Renate Ursula Karin Sabine Petra Claudia Aylin Zeynep Fatma Amira Nadia Olga Irina Milena Ivana Agnieszka Zofia Chiara Giulia Camille Chloe Maja Astrid Linh'.split(
    ' ',
  )
export const MEN =
  'Paul Lukas Felix Maximilian Leon Jakob David Simon Moritz Tobias Daniel Stefan Andreas Michael Thomas Martin Peter Hans Karl Werner Klaus Dieter Walter Georg Matthias Sebastian Florian Philipp Emil Anton Oskar Mehmet Emre Yusuf Karim Omar Ivan Dmitri Marko Luka Piotr Tomasz Marco Matteo Luc Antoine Lars Nils Minh Pedro'.split(
    ' ',
  )
export const FAMILIES =
  'Auer Bach Bauer Becker Berger Brandt Braun Busch Celik Demir Dietrich Ebner Eder Engel Fabian Fischer Frank Friedrich Fuchs Graf Gruber Haas Hahn Hartmann Heinrich Herzog Hofer Horvat Huber Ilic Jansen Jung Kaiser Kaya Keller Klein Koch Kowalski Kraus Kuhn Lang Lechner Lehmann Lindner Lorenz Maier Marin Marx Mayer Moser Neumann Novak Nowak Otto Petrov Pfeiffer Pichler Pohl Popov Reiter Richter Ritter Rossi Roth Sander Sauer Schmid Schneider Scholz Schubert Schulz Seidel Simon Sommer Stein Steiner Tanaka Thaler Toth Tran Ulrich Vogel Vogt Wagner Walter Weber Weiss Wendt Werner Winkler Winter Wolf Yilmaz Zauner Ziegler Zimmer'.split(
    ' ',
  )
export const STREETS =
  'Ufergasse Brueckenstrasse Lindenweg Marktplatz Bahnhofstrasse Gartenweg Muehlgasse Hauptstrasse Schulweg Kirchweg Am_Anger Rosenweg Hafenstrasse Birkenallee Weinberg Schlossgasse Feldweg Seestrasse Ahornweg Bergstrasse'.split(
    ' ',
  )

/** Towns along the river; each has its share of the bank's branches. */
export const TOWNS = [
  { town: 'Riverside', postcode: '10', weight: 34 },
  { town: 'Neuhafen', postcode: '20', weight: 16 },
  { town: 'Altmuehl', postcode: '30', weight: 12 },
  { town: 'Lindau am Fluss', postcode: '40', weight: 9 },
  { town: 'Steinbruck', postcode: '50', weight: 8 },
  { town: 'Weidenau', postcode: '60', weight: 7 },
  { town: 'Marktfurt', postcode: '70', weight: 6 },
  { town: 'Hohenufer', postcode: '80', weight: 5 },
  { town: 'Seeblick', postcode: '90', weight: 3 },
] as const

export const EMPLOYERS =
  'Riverside Klinikum|Stadtwerke Neuhafen|Hafen Logistik|Lindner Maschinenbau|Schulamt Riverside|Brauerei Altmuehl|Nordlicht Software|Flussbahn|Weber Bau|Handelshaus Marx|Hotel Seeblick|Universitaet Riverside|Pflegedienst Sonnenhof|Versicherung Elbtal|Moser Pharma|Auto Zauner|Druckerei Roth|Landesverwaltung|Baeckerei Huber|Holzwerk Eder|Solarpark Sued|Kanzlei Engel|Radio Fluss|Supermarkt Frisch|Textil Graf|Chemie Hohenufer|Spedition Kraus|Gemeinde Weidenau|Optik Steiner|Agentur Fuchs'.split(
    '|',
  )

const plain = (name: string): string => name.toLowerCase().replaceAll(/[^a-z]+/g, '')

/** An e-mail address at a domain reserved for examples (RFC 2606), so that nothing can ever be delivered. */
export const addressOf = (given: string, family: string, number: number): string =>
  `${plain(given)}.${plain(family)}.${number}@example.com`
