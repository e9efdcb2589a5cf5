/** What a machine really is, whatever its records say. */
export type FormFactor = 'desktop' | 'laptop' | 'mini_pc' | 'all_in_one' | 'tablet' | 'phone' | 'virtual' | 'server';

/** A model as its firmware names it; `year` is roughly when it was sold, `weight` how common the council has it. */
export interface MachineModel {
  readonly manufacturer: string;
  readonly model: string;
  readonly form: FormFactor;
  readonly year: number;
  readonly weight: number;
}

type Row = readonly [manufacturer: string, model: string, year: number, weight: number];

function models(form: FormFactor, rows: readonly Row[]): readonly MachineModel[] {
  return rows.map(([manufacturer, model, year, weight]) => ({ manufacturer, model, form, year, weight }));
}

// Manufacturer and model strings of real machines: linuxhw/DMI (github.com/linuxhw/DMI, CC BY 4.0). Virtual machines, phones and
// Cloud PCs are named as their makers document them. Years and weights are invented for the demonstration.
const DELL = 'Dell Inc.';
const OLD_HP = 'Hewlett-Packard';

export const MODELS: Readonly<Record<FormFactor, readonly MachineModel[]>> = {
  desktop: models('desktop', [
    [DELL, 'OptiPlex 3020', 2014, 9],
    [DELL, 'OptiPlex 7010', 2012, 4],
    [DELL, 'OptiPlex 3040', 2016, 10],
    [DELL, 'OptiPlex 5040', 2016, 9],
    [DELL, 'OptiPlex 5050', 2017, 14],
    [DELL, 'OptiPlex 7060', 2018, 12],
    [DELL, 'OptiPlex 5070', 2019, 9],
    [DELL, 'OptiPlex 7080', 2020, 4],
    [DELL, 'OptiPlex 5090', 2021, 2],
    [DELL, 'Precision Tower 5810', 2015, 1],
    [DELL, 'Precision 3650 Tower', 2021, 1],
    [OLD_HP, 'HP Compaq Pro 6300 SFF', 2012, 2],
    [OLD_HP, 'HP ProDesk 400 G1 SFF', 2014, 3],
    ['HP', 'HP EliteDesk 800 G2 SFF', 2016, 6],
    ['HP', 'HP ProDesk 600 G2 SFF', 2016, 6],
    ['HP', 'HP ProDesk 600 G3 SFF', 2017, 6],
    ['HP', 'HP EliteDesk 800 G4 SFF', 2018, 5],
    ['HP', 'HP Z240 Tower Workstation', 2016, 1],
    ['LENOVO', '10M8S02A00', 2017, 3],
    ['LENOVO', '10FLA08CUK', 2016, 2],
    ['LENOVO', '10SUS1FQ00', 2018, 2],
    ['FUJITSU', 'ESPRIMO P920', 2014, 1],
    ['Acer', 'Veriton X2640G', 2016, 1],
    ['OEGStone', 'H110M-A/DP', 2017, 1],
    ['Gigabyte Technology Co., Ltd.', 'To be filled by O.E.M.', 2015, 0.7],
    ['System manufacturer', 'System Product Name', 2014, 0.6],
    ['To Be Filled By O.E.M.', 'To Be Filled By O.E.M.', 2013, 0.4],
  ]),
  laptop: models('laptop', [
    [DELL, 'Latitude 5490', 2018, 8],
    [DELL, 'Latitude 5400', 2019, 10],
    [DELL, 'Latitude 5410', 2020, 10],
    [DELL, 'Latitude 5420', 2021, 14],
    [DELL, 'Latitude 5430', 2022, 9],
    [DELL, 'Latitude 5520', 2021, 5],
    [DELL, 'Latitude 7420', 2021, 4],
    [DELL, 'Latitude 7450', 2024, 8],
    [DELL, 'Latitude E6410', 2010, 0.4],
    [DELL, 'Precision 5550', 2020, 1],
    [DELL, 'Precision 3551', 2020, 1],
    ['HP', 'HP EliteBook 840 G4', 2017, 3],
    ['HP', 'HP EliteBook 840 G5', 2018, 5],
    ['HP', 'HP EliteBook 840 G6', 2019, 6],
    ['HP', 'HP EliteBook 840 14 inch G10 Notebook PC', 2023, 5],
    ['HP', 'HP ProBook 450 G8 Notebook PC', 2021, 4],
    ['HP', 'HP ZBook 15 G3', 2016, 0.6],
    ['LENOVO', '20L50000UK', 2018, 2],
    ['LENOVO', '20N20008US', 2019, 2],
    ['LENOVO', '20UD000GUS', 2020, 2],
    ['LENOVO', '21HMCTO1WW', 2023, 3],
    [DELL, 'Latitude 7400 2-in-1', 2019, 1],
    ['LENOVO', '20XY0022US', 2021, 0.7],
    ['Microsoft Corporation', 'Surface Laptop Go 2', 2021, 0.6],
    ['Panasonic Corporation', 'CF-54-2', 2016, 0.5],
  ]),
  mini_pc: models('mini_pc', [
    [DELL, 'OptiPlex 9020M', 2014, 4],
    ['HP', 'HP EliteDesk 800 G3 DM 35W', 2017, 8],
    ['HP', 'HP ProDesk 600 G3 DM', 2017, 5],
    ['HP', 'HP ProDesk 400 G6 Desktop Mini PC', 2020, 4],
    ['HP', 'HP EliteDesk 800 G6 Desktop Mini PC', 2020, 3],
    ['LENOVO', '10T7002CUS', 2018, 2],
    ['LENOVO', '11MY003MRU', 2021, 2],
    ['Intel(R) Client Systems', 'NUC10i5FNH', 2019, 1],
  ]),
  all_in_one: models('all_in_one', [
    [DELL, 'OptiPlex 7440 AIO', 2016, 5],
    [DELL, 'OptiPlex 7470 AIO', 2019, 4],
    [DELL, 'OptiPlex 7480 AIO', 2020, 3],
    ['HP', 'HP ProOne 600 G2 21.5-in Non-Touch AiO', 2016, 3],
    ['HP', 'HP EliteOne 800 G3 23.8-in Non-Touch AiO', 2017, 3],
    ['LENOVO', '10YS0031RU', 2018, 1],
  ]),
  tablet: models('tablet', [
    ['Microsoft Corporation', 'Surface Pro 4', 2016, 2],
    ['Microsoft Corporation', 'Surface Pro 7+', 2021, 3],
    ['Microsoft Corporation', 'Surface Go 3', 2021, 3],
    ['Apple', 'iPad (10th generation)', 2022, 5],
    ['Apple', 'iPad Air (4th generation)', 2022, 2],
  ]),
  phone: models('phone', [
    ['Apple', 'iPhone 12', 2020, 4],
    ['Apple', 'iPhone 13', 2021, 5],
    ['Google', 'Pixel 6a', 2022, 2],
    ['samsung', 'SM-A546B', 2023, 4],
  ]),
  virtual: models('virtual', [
    ['Microsoft Corporation', 'Virtual Machine', 2020, 3],
    ['VMware, Inc.', 'VMware Virtual Platform', 2019, 2],
    ['Microsoft Corporation', 'Cloud PC Enterprise 2vCPU/8GB/128GB', 2023, 4],
  ]),
  server: models('server', [
    [DELL, 'PowerEdge R740', 2019, 2],
    ['HP', 'ProLiant DL360 Gen9', 2016, 1],
    [DELL, 'PowerEdge R230', 2017, 1],
  ]),
};

/** Models that a council buys for its people now. */
export const NEW_LAPTOPS: readonly MachineModel[] = MODELS.laptop.filter((model) => model.year >= 2023);
