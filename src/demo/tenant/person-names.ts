import type { Random } from './random.js';

// Invented people: common first names and surnames of Britain's communities, put together by chance.
const GIVEN_NAMES = words(`
  Amelia Olivia Isla Emily Grace Sophie Jessica Charlotte Hannah Lucy Katie Rebecca Laura Sarah Emma Claire Nicola Joanne
  Karen Susan Julie Deborah Linda Margaret Patricia Christine Janet Elaine Lesley Tracey Michelle Lisa Donna Samantha
  Oliver George Harry Jack Thomas James William Daniel Joseph Samuel Benjamin Matthew Adam Luke Ryan Christopher Andrew
  Paul Mark David Stephen Michael John Robert Peter Ian Graham Keith Alan Kevin Neil Gary Stuart Simon Martin Philip
  Aisha Fatima Zainab Mariam Khadija Sana Nadia Saima Shabana Mohammed Muhammad Ahmed Ali Hassan Imran Bilal Yusuf Tariq
  Priya Anjali Deepa Sunita Kiran Jaspreet Harpreet Gurpreet Raj Sanjay Vikram Arjun Ravi Amit Harjit Manjit
  Chidinma Ngozi Adaeze Folake Temitope Abena Akosua Chukwuemeka Oluwaseun Kwame Kofi Emeka Tendai Rutendo Themba
  Agnieszka Katarzyna Małgorzata Magdalena Piotr Tomasz Łukasz Paweł Ionuț Andreea Mihaela Ștefan
  Siân Rhiannon Carys Eleri Gwenllian Rhys Dafydd Iestyn Niamh Aoife Ciara Róisín Seán Oisín Eoin Mairi Eilidh Catriona
  Zoë Chloë Renée José André Inês João Björn Mei Wei Xin Linh Thuy Minh Hyun-woo Anne-Marie Mary-Jane Jean-Paul
`);

const COMMON_SURNAMES = words(`
  Smith Jones Taylor Brown Williams Wilson Johnson Davies Patel Robinson Wright Thompson Evans Walker White Roberts Green
  Hall Wood Jackson Clarke Khan Hussain Ahmed Ali Begum Singh Kaur Hughes Edwards Turner Hill Lewis Harris Clark Cooper
`);

const SURNAMES = words(`
  Abara Adebayo Adeyemi Afolabi Agarwal Akhtar Allen Anderson Appleyard Armitage Ashworth Asante Atkinson Bailey Baker
  Banerjee Bannister Barraclough Bennett Bhatt Birch Blackburn Boateng Booth Bradley Brennan Briggs Broadbent Burke
  Butterworth Campbell Carter Chapman Chaudhry Chowdhury Collins Cook Crabtree Cunningham Dawson Desai Dhillon Dixon
  Doherty Dyson Egan Ellis Eze Farooq Fielding Fisher Fletcher Foster Gallagher Garside Gill Goddard Gomez Gordon Graham
  Greenwood Gupta Haigh Hamilton Hardcastle Hargreaves Harrison Hashmi Hepworth Hirst Holroyd Hopkins Howarth Hussein
  Ibrahim Illingworth Iqbal Islam James Jenkins Kamara Kelly Kendall Kennedy Khatun King Kowalska Kowalski Krishnan Kumar
  Lawson Lee Lloyd Lockwood Mahmood Malik Marsden Marshall Martin Mason Mbeki Mensah Miah Miller Mirza Mistry Mitchell
  Moore Morgan Morris Moyo Murphy Murray Naylor Ncube Nguyen Nowak Nwosu Obi Ogden Okafor Okoye Owusu Palmer Parker
  Parveen Pham Phillips Popescu Powell Price Qureshi Rahman Rashid Rawat Reddy Reid Richards Riley Rodrigues Rogers Ross
  Rowntree Russell Ryan Sahota Sandhu Scott Sesay Shah Shaikh Sharma Shaw Simmons Sidhu Stewart Stott Suleman Sutcliffe
  Sykes Tattersall Thackray Thomas Tran Uddin Varley Verma Wadsworth Wainwright Ward Watson West Wiśniewska Wójcik Wong
  Woodhead Young Yusuf Zaman Zhang Zieliński O'Brien O'Connor O'Neill O'Sullivan D'Souza D'Cruz M'Bappe McDonald McGrath
  MacLeod Müller Núñez García Fernández Gonçalves Çelik Öztürk Šimić Sørensen
`);

/** The name by which a person is known. */
export interface PersonName {
  readonly given: string;
  readonly surname: string;
}

function words(text: string): readonly string[] {
  return text.trim().split(/\s+/);
}

/** Draws a surname: three in ten very common, one in thirty double with a hyphen, one in a hundred double with a space. */
export function drawSurname(random: Random): string {
  const one = random.chance(0.3) ? random.pick(COMMON_SURNAMES) : random.pick(SURNAMES);
  if (random.chance(0.033)) return `${one}-${random.pick(SURNAMES)}`;
  if (random.chance(0.01)) return `${one} ${random.pick(SURNAMES)}`;
  return one;
}

export function drawName(random: Random): PersonName {
  return { given: random.pick(GIVEN_NAMES), surname: drawSurname(random) };
}

const LETTERS_WITHOUT_PARTS: Readonly<Record<string, string>> = { ł: 'l', Ł: 'L', ø: 'o', Ø: 'O', ß: 'ss', æ: 'ae' };

/**
 * The part of a user principal name before the @, from letters, digits, apostrophe, dot and hyphen only. The apostrophe of
 * O'Brien stays, as Microsoft Entra ID allows it there.
 */
export function mailName(name: PersonName): string {
  return `${name.given}.${name.surname}`
    .replace(/[łŁøØßæ]/g, (letter) => LETTERS_WITHOUT_PARTS[letter] ?? '')
    .normalize('NFD')
    .replace(/[^a-zA-Z0-9.'-]/g, '')
    .toLowerCase();
}
