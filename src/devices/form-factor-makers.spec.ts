import type { FormFactor } from './domain/form-factor/form-factor.js';
import { classifyModel } from './domain/form-factor/classify.js';
import { loadFormFactorCatalogue } from './form-factor-catalogue.js';

const catalogue = loadFormFactorCatalogue();

type Case = readonly [model: string, formFactor: FormFactor, reason: RegExp];

function describeMaker(manufacturer: string, cases: readonly Case[]): void {
  describe(manufacturer, () => {
    it.each(cases)('%s is %s', (model, formFactor, reason) => {
      const result = classifyModel(catalogue, manufacturer, model);
      expect(result.class).toBe(formFactor);
      expect(result.reason).toMatch(reason);
    });
  });
}

describeMaker('Dell Inc.', [
  ['OptiPlex 7010', 'desktop', /OptiPlex/],
  ['OptiPlex Micro 7010', 'mini_pc', /Micro/],
  ['OptiPlex 7410 AIO', 'all_in_one', /all-in-one/],
  ['Latitude 7450', 'laptop', /notebook line/],
  ['Latitude 7320 Detachable', 'tablet', /detachable/],
  ['Latitude 9440 2-in-1', 'convertible', /two-in-one/],
  ['Precision 7680', 'workstation_mobile', /notebooks/],
  ['Precision 5690', 'workstation_mobile', /notebooks/],
  ['Precision 3680', 'workstation_fixed', /36xx/],
  ['Precision Tower 5810', 'workstation_fixed', /states a case/],
  ['XPS 15 9530', 'laptop', /notebooks/],
  ['XPS 8950', 'desktop', /towers/],
  ['Inspiron 3910', 'desktop', /desktops/],
  ['Inspiron 15 3520', 'laptop', /notebooks/],
  ['Vostro 3710', 'desktop', /desktops/],
  ['Vostro 3520', 'laptop', /notebooks/],
  ['Dell Pro Tower QCT1250', 'desktop', /2025/],
  ['Dell Pro 16 Plus PB16250', 'laptop', /notebooks of 2025/],
  ['Dell Pro Max 18 Plus MB18250', 'workstation_mobile', /mobile workstations of 2025/],
  ['Dell Pro Max Slim FCS1250', 'workstation_fixed', /fixed workstations/],
  ['Dell Pro 24 All-in-One QB24250', 'all_in_one', /all-in-one/],
  ['Wyse 5070 Thin Client', 'thin_client', /thin client/],
  ['Wyse 5470', 'laptop', /form of a notebook/],
  ['PowerEdge T350', 'server', /server/],
  ['Alienware Aurora R15', 'desktop', /desktops/],
  ['Alienware m18 R2', 'laptop', /notebooks/],
]);

describeMaker('HP', [
  ['HP EliteBook 850 G8 Notebook PC', 'laptop', /EliteBook/],
  ['HP ProBook 445 14 inch G9 Notebook PC', 'laptop', /ProBook/],
  ['HP Elite x360 830 13 inch G10 2-in-1 Notebook PC', 'convertible', /fold/],
  ['HP Elite x2 1013 G3', 'tablet', /take off/],
  ['HP ZBook Studio 16 inch G10 Mobile Workstation PC', 'workstation_mobile', /mobile workstation/],
  ['HP EliteDesk 800 G5 TWR', 'desktop', /desktops/],
  ['HP EliteDesk 800 G5 DM', 'mini_pc', /small cases/],
  ['HP Pro Mini 400 G9 Desktop PC', 'mini_pc', /small cases/],
  ['HP Pro Tower 290 G9 Desktop PC', 'desktop', /desktops/],
  ['HP ProOne 600 G6 22 All-in-One PC', 'all_in_one', /screen built in/],
  ['HP Z2 Tower G5 Workstation', 'workstation_fixed', /fixed workstations/],
  ['HP Z8 Fury G5 Workstation Desktop PC', 'workstation_fixed', /fixed workstations/],
  ['HP Compaq 6005 Pro SFF PC', 'desktop', /case/],
  ['HP Compaq dc7900 Convertible Minitower', 'desktop', /case/],
  ['HP Compaq nc6320 (EN368UT#ABA)', 'laptop', /notebooks/],
  ['HP t740 Thin Client', 'thin_client', /thin client/],
  ['HP mt46 Mobile Thin Client', 'laptop', /form of notebooks/],
  ['HP Laptop 15s-eq2xxx', 'laptop', /laptop/],
  ['HP Pavilion Desktop TP01-2xxx', 'desktop', /case/],
  ['OMEN by HP 25L Gaming Desktop PC GT15-0xxx', 'desktop', /case/],
  ['ProLiant DL360 Gen10', 'server', /servers/],
]);

describeMaker('LENOVO', [
  ['20XW00AAUK', 'laptop', /ThinkPads/],
  ['20N2S0AA00', 'laptop', /20N2 \(ThinkPad T490\)/],
  ['21HMCTO1WW', 'laptop', /21|ThinkPad/],
  ['12ZZCTO1WW', 'desktop', /ThinkCentre/],
  ['30ZZCTO1WW', 'workstation_fixed', /ThinkStation/],
  ['F0ZZ001KUK', 'all_in_one', /F0/],
  ['2345ABC', 'laptop', /2345/],
  ['ThinkPad T14s Gen 3', 'laptop', /ThinkPad/],
  ['ThinkPad P1 Gen 5', 'workstation_mobile', /mobile workstations/],
  ['ThinkPad X13 Yoga Gen 3', 'convertible', /folds or turns/],
  ['ThinkPad X1 Tablet Gen 3', 'tablet', /take off/],
  ['ThinkCentre M75s Gen 2', 'desktop', /desktop line/],
  ['ThinkCentre M90q Gen 3', 'mini_pc', /small case/],
  ['ThinkCentre neo 50a 24 Gen 4', 'all_in_one', /all-in-one/],
  ['ThinkStation P3 Tower', 'workstation_fixed', /fixed workstation/],
  ['IdeaPad 5 15ALC05', 'laptop', /notebooks/],
  ['Yoga 7 14IRL8', 'convertible', /fold/],
  ['Yoga Slim 7 14ITL05', 'laptop', /ordinary notebooks/],
  ['ThinkSystem SR650', 'server', /server lines/],
]);

describeMaker('FUJITSU', [
  ['LIFEBOOK U7511', 'laptop', /LIFEBOOK/],
  ['LIFEBOOK T939', 'convertible', /turns or folds/],
  ['CELSIUS H780', 'workstation_mobile', /mobile/],
  ['CELSIUS W580', 'workstation_fixed', /fixed/],
  ['ESPRIMO P758', 'desktop', /ESPRIMO/],
  ['ESPRIMO K5010', 'all_in_one', /all-in-ones/],
  ['STYLISTIC Q5010', 'tablet', /tablets/],
  ['FUTRO S940', 'thin_client', /thin client/],
]);

describeMaker('Microsoft Corporation', [
  ['Surface Pro 10 for Business', 'tablet', /take off/],
  ['Surface Laptop Go 3', 'laptop', /notebooks/],
  ['Surface Laptop Studio', 'convertible', /tilts/],
  ['Surface Book 3', 'laptop', /notebooks/],
  ['Surface Studio 2+', 'all_in_one', /screen/],
  ['Surface Hub 2S', 'appliance', /meeting-room/],
  ['Virtual Machine', 'virtual', /Hyper-V/],
  ['Cloud PC Enterprise 4vCPU/16GB/256GB', 'virtual', /data centre/],
]);

describeMaker('Acer', [
  ['TravelMate P416-51', 'laptop', /TravelMate/],
  ['Veriton X4680G', 'desktop', /Veriton/],
  ['Veriton Z4694G', 'all_in_one', /Veriton Z/],
  ['Aspire TC-1660', 'desktop', /desktops/],
  ['Aspire A515-57', 'laptop', /notebooks/],
  ['Aspire C24-1700', 'all_in_one', /all-in-ones/],
  ['Swift SF314-512', 'laptop', /Swift/],
  ['Predator PO5-640', 'desktop', /Predator PO/],
]);

describeMaker('ASUSTeK COMPUTER INC.', [
  ['ASUS EXPERTBOOK B9403CVA_B9403CVA', 'laptop', /ExpertBook/],
  ['ASUS EXPERTCENTER D700SC_D700SC', 'desktop', /ExpertCenter/],
  ['MINIPC PN64', 'mini_pc', /small desktops/],
  ['X556UQK', 'laptop', /notebook numbers/],
  ['Zenbook UP5401ZA_UP5401ZA', 'convertible', /fold/],
  ['ROG Zephyrus G14 GA402RJ_GA402RJ', 'laptop', /notebooks/],
  ['TUF GAMING B550M-PLUS', 'desktop', /mainboard/],
]);

describeMaker('Apple Inc.', [
  ['MacBookAir10,1', 'laptop', /MacBook/],
  ['Mac15,13', 'laptop', /MacBook Air/],
  ['iMac20,1', 'all_in_one', /iMac/],
  ['Macmini9,1', 'mini_pc', /Mac mini/],
  ['Mac13,2', 'workstation_fixed', /Mac Studio/],
  ['iPad14,1', 'tablet', /iPad/],
  ['iPhone16,1', 'phone', /pocket/],
]);

describe('other makers', () => {
  it.each<[string, string, FormFactor]>([
    ['TOSHIBA', 'SATELLITE PRO C50-E-106', 'laptop'],
    ['Dynabook Inc.', 'TECRA A50-J', 'laptop'],
    ['Panasonic Corporation', 'FZ-G2AZ00XBE', 'tablet'],
    ['Panasonic Corporation', 'FZ-40AZ01XBE', 'laptop'],
    ['SAMSUNG ELECTRONICS CO., LTD.', '750XED', 'laptop'],
    ['samsung', 'SM-A546B', 'phone'],
    ['samsung', 'SM-X200', 'tablet'],
    ['Sony Corporation', 'SVE1712C5E', 'laptop'],
    ['Micro-Star International Co., Ltd.', 'MS-7D54', 'desktop'],
    ['Micro-Star International Co., Ltd.', 'Prestige 15 A12UD', 'laptop'],
    ['Gigabyte Technology Co., Ltd.', 'B650 GAMING X AX', 'desktop'],
    ['ASRock', 'B450M Pro4', 'desktop'],
    ['Intel(R) Client Systems', 'NUC11PAHi5', 'mini_pc'],
    ['GETAC', 'UX10', 'tablet'],
    ['GETAC', 'S410G5', 'laptop'],
    ['Zebra Technologies', 'ET80', 'tablet'],
    ['Framework', 'Laptop 16 (AMD Ryzen 7040 Series)', 'laptop'],
    ['System76', 'Thelio', 'desktop'],
    ['TUXEDO', 'TUXEDO InfinityBook S 15 Gen6', 'laptop'],
    ['Razer', 'Blade 15 (2022) - RZ09-0421', 'laptop'],
    ['HUAWEI', 'KLVD-WXX9', 'laptop'],
    ['Google', 'Pixel 8', 'phone'],
    ['Google', 'Voxel', 'laptop'],
    ['VMware, Inc.', 'VMware7,1', 'virtual'],
    ['VMware, Inc.', 'VMware20,1', 'virtual'],
    ['QEMU', 'Standard PC (i440FX + PIIX, 1996)', 'virtual'],
    ['innotek GmbH', 'VirtualBox', 'virtual'],
    ['Xen', 'HVM domU', 'virtual'],
    ['Amazon EC2', 't3.large', 'virtual'],
    ['Google', 'Google Compute Engine', 'virtual'],
    ['OpenStack Foundation', 'OpenStack Nova', 'virtual'],
    ['Parallels Software International Inc.', 'Parallels Virtual Platform', 'virtual'],
    ['IGEL Technology GmbH', 'UD3-LX 60', 'thin_client'],
    ['10ZiG Technology', '4648V', 'thin_client'],
    ['Stone Computers', 'Mini Tower PC', 'desktop'],
    ['Viglen', 'VIG840S', 'desktop'],
    ['Supermicro', 'SYS-1029P-WTR', 'server'],
    ['IBM', 'System x3650 M4 -[7915AC1]-', 'server'],
    ['Nokia', 'Nokia 5.4', 'phone'],
    ['Amazon', 'KFMAWI', 'tablet'],
    ['Xiaomi', 'M2101K6G', 'phone'],
    ['XIAOMI', 'RedmiBook 15', 'laptop'],
    ['HUAWEI', 'ELE-L29', 'phone'],
    ['HUAWEI', 'BAH3-W09', 'tablet'],
    ['Zebra Technologies', 'TC57', 'phone'],
    ['Poly', 'G7500', 'appliance'],
    ['Samsung', 'Galaxy Book2 Pro 360', 'convertible'],
    ['Unheard Maker', 'Business Laptop 14', 'laptop'],
    ['Unheard Maker', 'QZ-1', 'unknown'],
  ])('%s %s is %s', (manufacturer, model, formFactor) => {
    expect(classifyModel(catalogue, manufacturer, model).class).toBe(formFactor);
  });
});

describe('placeholders', () => {
  it.each([
    ['To Be Filled By O.E.M.', 'To Be Filled By O.E.M.'],
    ['To be filled by O.E.M', 'B550M Pro4'],
    ['System manufacturer', 'System Product Name'],
    ['ASUS', 'System Product Name'],
    ['ASUS', 'All Series'],
    ['Default string', 'Default string'],
    ['$(DEFAULT_STRING)', 'OptiPlex 7010'],
    ['LENOVO', 'INVALID'],
    ['LENOVO', 'Lenovo Product'],
    ['Hewlett-Packard', ''],
    ['', 'Latitude 5420'],
    ['HP', '................................'],
    ['HP', 'HP'],
    ['TOSHIBA', '00000000000000000000'],
    ['ZOTAC', 'XXXXXX'],
    ['Dell Inc.', 'defaultstring'],
    ['Dell Inc.', 'Not  Applicable'],
    ['stem manufacturer', 'System Product Name'],
    ['Acer', 'Not Specified'],
    ['N/A', 'N/A'],
    ['System Manufacturer Ltd', 'x'],
  ])('%j %j is unknown', (manufacturer, model) => {
    expect(classifyModel(catalogue, manufacturer, model)).toMatchObject({ class: 'unknown', confidence: 0 });
  });
});
