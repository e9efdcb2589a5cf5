/** The council says in its own name that it is invented; `.example` is reserved for that (RFC 2606). */
export const COMPANY_NAME = 'Ferrybridge Borough Council (demonstration)';
export const DOMAIN = 'ferrybridge.example';
/** Where guests' user principal names live, in the manner of a tenant's initial domain. */
export const INITIAL_DOMAIN = 'ferrybridge.onmicrosoft.example';

/** A place of work; `weight` says how many of the staff have it as their usual one. */
export interface Site {
  readonly name: string;
  readonly town: string;
  readonly code: string;
  readonly weight: number;
}

export const HOME_BASED: Site = { name: 'Home-based', town: 'Ferrybridge', code: 'HOM', weight: 5 };

/** Invented sites. */
export const SITES: readonly Site[] = [
  { name: 'Ferrybridge Town Hall', town: 'Ferrybridge', code: 'TWH', weight: 17 },
  { name: 'Aire House', town: 'Ferrybridge', code: 'AIR', weight: 22 },
  { name: 'Castle Street Civic Centre', town: 'Holmbeck', code: 'CSC', weight: 15 },
  { name: 'Calder Point', town: 'Calderwick', code: 'CAL', weight: 11 },
  { name: 'Holmbeck Library and Hub', town: 'Holmbeck', code: 'HOL', weight: 4 },
  { name: 'Calderwick Library', town: 'Calderwick', code: 'CLB', weight: 3 },
  { name: 'Northfield Depot', town: 'Northfield', code: 'NFD', weight: 7 },
  { name: 'Eastmoor Depot', town: 'Eastmoor', code: 'EMD', weight: 4 },
  { name: "St Oswald's Children's Centre", town: 'Ferrybridge', code: 'STO', weight: 4 },
  { name: 'Millrace Family Hub', town: 'Calderwick', code: 'MIL', weight: 3 },
  { name: 'Brotherton Lane Day Centre', town: 'Eastmoor', code: 'BRO', weight: 3 },
  { name: 'Ferrybridge Leisure Centre', town: 'Ferrybridge', code: 'FLC', weight: 3 },
  { name: 'Kingsmead Business Park, Unit 4', town: 'Northfield', code: 'KMB', weight: 4 },
  { name: 'Westgate Registry Office', town: 'Holmbeck', code: 'WRO', weight: 2 },
  HOME_BASED,
];

/** A service: `code` marks its hostnames, `frontLine` is the share of its people who work away from a desk. */
export interface Service {
  readonly name: string;
  readonly code: string;
  readonly weight: number;
  readonly frontLine: number;
  readonly teams: readonly string[];
  readonly titles: readonly string[];
}

export interface Directorate {
  readonly name: string;
  readonly costCentre: string;
  readonly services: readonly Service[];
}

function service(
  name: string,
  code: string,
  weight: number,
  frontLine: number,
  teams: string,
  titles: string,
): Service {
  return { name, code, weight, frontLine, teams: teams.split(', '), titles: titles.split(', ') };
}

/** The directorates of an invented unitary council. */
export const DIRECTORATES: readonly Directorate[] = [
  {
    name: 'Resources',
    costCentre: 'R1',
    services: [
      service(
        'Finance',
        'FIN',
        4,
        0,
        'Accountancy, Payments, Treasury, Internal Audit',
        'Accountant, Finance Officer, Senior Accountant, Finance Assistant, Auditor',
      ),
      service(
        'Revenues and Benefits',
        'REV',
        5,
        0,
        'Council Tax, Housing Benefit, Business Rates, Recovery',
        'Benefits Officer, Revenues Officer, Senior Revenues Officer, Visiting Officer',
      ),
      service(
        'Human Resources',
        'HRS',
        2,
        0,
        'Advisory, Recruitment, Payroll, Learning',
        'HR Adviser, HR Business Partner, Payroll Officer, Recruitment Assistant',
      ),
      service(
        'Information and Communications Technology',
        'ICT',
        3,
        0,
        'Service Desk, Infrastructure, Applications, Rollout',
        'Service Desk Analyst, Infrastructure Engineer, Applications Analyst, Desktop Engineer',
      ),
      service(
        'Legal and Democratic Services',
        'LEG',
        2,
        0,
        'Litigation, Property Law, Elections, Members',
        'Solicitor, Legal Assistant, Democratic Services Officer, Elections Officer, Paralegal',
      ),
      service(
        'Customer Services',
        'CUS',
        4,
        0.05,
        'Contact Centre, Face to Face, Complaints',
        'Customer Adviser, Senior Customer Adviser, Complaints Officer',
      ),
      service(
        'Procurement',
        'PRC',
        1,
        0,
        'Category Management, Contracts',
        'Category Manager, Procurement Officer, Contracts Officer',
      ),
    ],
  },
  {
    name: "Children's Services",
    costCentre: 'C2',
    services: [
      service(
        "Children's Social Care",
        'CSC',
        8,
        0.05,
        'Front Door, Safeguarding, Children in Care, Leaving Care',
        'Social Worker, Senior Social Worker, Family Support Worker, Business Support Officer, Personal Adviser',
      ),
      service(
        'Early Help',
        'EHP',
        4,
        0.15,
        'Family Hubs, Parenting, Youth Offer',
        'Early Help Practitioner, Family Worker, Youth Worker, Outreach Worker',
      ),
      service(
        'Education and Inclusion',
        'EDU',
        4,
        0.05,
        'Admissions, Special Educational Needs, Attendance, School Improvement',
        'Education Officer, SEND Case Officer, Educational Psychologist, Admissions Officer',
      ),
      service(
        'Fostering and Adoption',
        'FOS',
        2,
        0,
        'Fostering, Adoption, Kinship',
        'Supervising Social Worker, Fostering Officer, Panel Co-ordinator',
      ),
    ],
  },
  {
    name: 'Adults and Health',
    costCentre: 'A3',
    services: [
      service(
        'Adult Social Care',
        'ASC',
        9,
        0.15,
        'Hospital Discharge, Locality North, Locality South, Safeguarding Adults',
        'Social Worker, Social Care Assessor, Occupational Therapist, Care Co-ordinator, Review Officer',
      ),
      service(
        'Provider Services',
        'PRV',
        8,
        0.8,
        'Reablement, Day Opportunities, Supported Living',
        'Care Worker, Senior Care Worker, Support Worker, Day Centre Officer',
      ),
      service(
        'Public Health',
        'PBH',
        2,
        0,
        'Health Improvement, Health Protection, Intelligence',
        'Public Health Practitioner, Public Health Analyst, Health Improvement Officer',
      ),
      service(
        'Commissioning',
        'COM',
        2,
        0,
        'Contracts and Quality, Brokerage',
        'Commissioning Officer, Contracts Officer, Broker',
      ),
    ],
  },
  {
    name: 'Place',
    costCentre: 'P4',
    services: [
      service(
        'Planning and Building Control',
        'PLN',
        3,
        0,
        'Development Management, Planning Policy, Building Control, Enforcement',
        'Planning Officer, Senior Planning Officer, Building Control Surveyor, Planning Technician',
      ),
      service(
        'Highways and Transport',
        'HWY',
        6,
        0.5,
        'Network Management, Street Lighting, Road Safety, Highway Works',
        'Highways Engineer, Highways Inspector, Highway Operative, Transport Planner',
      ),
      service(
        'Waste and Street Scene',
        'WST',
        9,
        0.85,
        'Refuse, Recycling, Street Cleansing, Grounds',
        'Refuse Loader, Driver, Street Cleansing Operative, Gardener, Supervisor',
      ),
      service(
        'Regulatory Services',
        'RGS',
        3,
        0.05,
        'Environmental Health, Trading Standards, Licensing',
        'Environmental Health Officer, Trading Standards Officer, Licensing Officer',
      ),
      service(
        'Property and Estates',
        'EST',
        3,
        0.35,
        'Facilities, Asset Management, Energy',
        'Surveyor, Facilities Officer, Caretaker, Estates Officer',
      ),
      service(
        'Economy and Regeneration',
        'ECO',
        2,
        0,
        'Business Support, Town Centres, Skills',
        'Regeneration Officer, Economic Development Officer, Project Officer',
      ),
    ],
  },
  {
    name: 'Communities and Housing',
    costCentre: 'H5',
    services: [
      service(
        'Housing Options',
        'HSG',
        4,
        0.05,
        'Homelessness, Allocations, Private Sector',
        'Housing Officer, Homelessness Officer, Allocations Officer',
      ),
      service(
        'Housing Repairs',
        'REP',
        6,
        0.75,
        'Responsive Repairs, Voids, Gas and Electrical',
        'Multi-trade Operative, Electrician, Plumber, Repairs Planner, Joiner',
      ),
      service(
        'Libraries and Culture',
        'LIB',
        4,
        0.4,
        'Branch Libraries, Museums, Archives',
        'Library Assistant, Librarian, Museum Assistant, Archivist',
      ),
      service(
        'Leisure and Sport',
        'LEI',
        4,
        0.7,
        'Leisure Centres, Sports Development',
        'Recreation Assistant, Duty Manager, Swimming Teacher, Sports Coach',
      ),
      service(
        'Community Safety',
        'CMS',
        2,
        0.2,
        'Neighbourhoods, CCTV, Anti-social Behaviour',
        'Community Safety Officer, Neighbourhood Warden, CCTV Operator',
      ),
    ],
  },
  {
    name: 'Strategy and Partnerships',
    costCentre: 'S6',
    services: [
      service(
        'Communications',
        'CMN',
        1,
        0,
        'Media, Digital Content, Marketing',
        'Communications Officer, Digital Content Officer, Designer',
      ),
      service(
        'Policy and Performance',
        'POL',
        1.5,
        0,
        'Performance, Research, Corporate Policy',
        'Policy Officer, Performance Analyst, Data Analyst',
      ),
      service(
        'Programme Office',
        'PMO',
        1,
        0,
        'Change, Transformation',
        'Project Manager, Business Analyst, Change Officer',
      ),
    ],
  },
];
