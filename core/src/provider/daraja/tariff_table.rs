//! The published tariffs. Generated from `core/data/mpesa`, where each band has its source; do not
//! edit: change the data and run
//! `cargo run --example tariff_table > core/src/provider/daraja/tariff_table.rs`.
//!
//! `flat(through, payer, payee)` and `rate(through, payee millionths, payee at most)` in KES.

use super::tariff::{Dated, flat, rate};
use crate::time::Timestamp;

#[rustfmt::skip]
pub(super) static P2P_SEND: &[Dated] = &[
    Dated { // 2021-01-01
        effective_at: Timestamp::from_millis(1609448400000), from_kes: 1,
        rows: &[
            flat(49, 0, 0),
            flat(100, 0, 0),
            flat(500, 6, 0),
            flat(1000, 12, 0),
            flat(1500, 22, 0),
            flat(2500, 32, 0),
            flat(3500, 51, 0),
            flat(5000, 55, 0),
            flat(7500, 75, 0),
            flat(10000, 87, 0),
            flat(15000, 97, 0),
            flat(20000, 102, 0),
            flat(35000, 105, 0),
            flat(50000, 105, 0),
            flat(150000, 105, 0),
        ],
    },
    Dated { // 2023-07-29
        effective_at: Timestamp::from_millis(1690578000000), from_kes: 1,
        rows: &[
            flat(49, 0, 0),
            flat(100, 0, 0),
            flat(500, 7, 0),
            flat(1000, 13, 0),
            flat(1500, 23, 0),
            flat(2500, 33, 0),
            flat(3500, 53, 0),
            flat(5000, 57, 0),
            flat(7500, 78, 0),
            flat(10000, 90, 0),
            flat(15000, 100, 0),
            flat(20000, 105, 0),
            flat(35000, 108, 0),
            flat(50000, 108, 0),
            flat(250000, 108, 0),
        ],
    },
];

#[rustfmt::skip]
pub(super) static P2P_UNREGISTERED: &[Dated] = &[
    Dated { // 2021-01-01
        effective_at: Timestamp::from_millis(1609448400000), from_kes: 101,
        rows: &[
            flat(500, 45, 0),
            flat(1000, 49, 0),
            flat(1500, 59, 0),
            flat(2500, 74, 0),
            flat(3500, 112, 0),
            flat(5000, 135, 0),
            flat(7500, 166, 0),
            flat(10000, 205, 0),
            flat(15000, 265, 0),
            flat(20000, 288, 0),
            flat(35000, 309, 0),
        ],
    },
    Dated { // 2023-07-29
        effective_at: Timestamp::from_millis(1690578000000), from_kes: 101,
        rows: &[
            flat(500, 47, 0),
            flat(1000, 51, 0),
            flat(1500, 61, 0),
            flat(2500, 76, 0),
            flat(3500, 115, 0),
            flat(5000, 139, 0),
            flat(7500, 171, 0),
            flat(10000, 211, 0),
            flat(15000, 273, 0),
            flat(20000, 296, 0),
            flat(35000, 318, 0),
            flat(50000, 318, 0),
            flat(150000, 318, 0),
        ],
    },
];

#[rustfmt::skip]
pub(super) static WITHDRAW_AGENT: &[Dated] = &[
    Dated { // 2021-01-01
        effective_at: Timestamp::from_millis(1609448400000), from_kes: 50,
        rows: &[
            flat(100, 10, 0),
            flat(500, 27, 0),
            flat(1000, 28, 0),
            flat(1500, 28, 0),
            flat(2500, 28, 0),
            flat(3500, 50, 0),
            flat(5000, 67, 0),
            flat(7500, 84, 0),
            flat(10000, 112, 0),
            flat(15000, 162, 0),
            flat(20000, 180, 0),
            flat(35000, 191, 0),
            flat(50000, 270, 0),
            flat(150000, 300, 0),
        ],
    },
    Dated { // 2023-07-29
        effective_at: Timestamp::from_millis(1690578000000), from_kes: 50,
        rows: &[
            flat(100, 11, 0),
            flat(500, 29, 0),
            flat(1000, 29, 0),
            flat(1500, 29, 0),
            flat(2500, 29, 0),
            flat(3500, 52, 0),
            flat(5000, 69, 0),
            flat(7500, 87, 0),
            flat(10000, 115, 0),
            flat(15000, 167, 0),
            flat(20000, 185, 0),
            flat(35000, 197, 0),
            flat(50000, 278, 0),
            flat(250000, 309, 0),
        ],
    },
];

#[rustfmt::skip]
pub(super) static WITHDRAW_ATM: &[Dated] = &[
    Dated { // 2021-01-01
        effective_at: Timestamp::from_millis(1609448400000), from_kes: 200,
        rows: &[
            flat(2500, 34, 0),
            flat(5000, 67, 0),
            flat(10000, 112, 0),
            flat(20000, 197, 0),
        ],
    },
    Dated { // 2023-07-29
        effective_at: Timestamp::from_millis(1690578000000), from_kes: 200,
        rows: &[
            flat(2500, 35, 0),
            flat(5000, 69, 0),
            flat(10000, 115, 0),
            flat(35000, 203, 0),
        ],
    },
];

#[rustfmt::skip]
pub(super) static PAYBILL_CUSTOMER_BOUQUET: &[Dated] = &[
    Dated { // 2023-01-01
        effective_at: Timestamp::from_millis(1672520400000), from_kes: 1,
        rows: &[
            flat(49, 0, 0),
            flat(100, 0, 0),
            flat(500, 0, 4),
            flat(1000, 0, 9),
            flat(1500, 0, 14),
            flat(2500, 0, 19),
            flat(3500, 0, 24),
            flat(5000, 0, 33),
            flat(7500, 0, 40),
            flat(10000, 0, 46),
            flat(15000, 0, 55),
            flat(20000, 0, 60),
            flat(25000, 0, 65),
            flat(30000, 0, 70),
            flat(35000, 0, 80),
            flat(40000, 0, 96),
            flat(45000, 0, 100),
            flat(50000, 0, 105),
            flat(70000, 0, 105),
            flat(150000, 0, 105),
        ],
    },
    Dated { // 2023-07-29
        effective_at: Timestamp::from_millis(1690578000000), from_kes: 1,
        rows: &[
            flat(49, 0, 0),
            flat(100, 0, 0),
            flat(500, 0, 5),
            flat(1000, 0, 10),
            flat(1500, 0, 15),
            flat(2500, 0, 20),
            flat(3500, 0, 25),
            flat(5000, 0, 34),
            flat(7500, 0, 42),
            flat(10000, 0, 48),
            flat(15000, 0, 57),
            flat(20000, 0, 62),
            flat(25000, 0, 67),
            flat(30000, 0, 72),
            flat(35000, 0, 83),
            flat(40000, 0, 99),
            flat(45000, 0, 103),
            flat(50000, 0, 108),
            flat(70000, 0, 108),
            flat(250000, 0, 108),
        ],
    },
];

#[rustfmt::skip]
pub(super) static PAYBILL_BUSINESS_BOUQUET: &[Dated] = &[
    Dated { // 2023-01-01
        effective_at: Timestamp::from_millis(1672520400000), from_kes: 1,
        rows: &[
            flat(49, 0, 0),
            flat(100, 0, 0),
            flat(500, 4, 0),
            flat(1000, 9, 0),
            flat(1500, 14, 0),
            flat(2500, 19, 0),
            flat(3500, 24, 0),
            flat(5000, 33, 0),
            flat(7500, 40, 0),
            flat(10000, 46, 0),
            flat(15000, 55, 0),
            flat(20000, 60, 0),
            flat(25000, 65, 0),
            flat(30000, 70, 0),
            flat(35000, 80, 0),
            flat(40000, 96, 0),
            flat(45000, 100, 0),
            flat(50000, 105, 0),
            flat(70000, 105, 0),
            flat(150000, 105, 0),
        ],
    },
    Dated { // 2023-07-29
        effective_at: Timestamp::from_millis(1690578000000), from_kes: 1,
        rows: &[
            flat(49, 0, 0),
            flat(100, 0, 0),
            flat(500, 5, 0),
            flat(1000, 10, 0),
            flat(1500, 15, 0),
            flat(2500, 20, 0),
            flat(3500, 25, 0),
            flat(5000, 34, 0),
            flat(7500, 42, 0),
            flat(10000, 48, 0),
            flat(15000, 57, 0),
            flat(20000, 62, 0),
            flat(25000, 67, 0),
            flat(30000, 72, 0),
            flat(35000, 83, 0),
            flat(40000, 99, 0),
            flat(45000, 103, 0),
            flat(50000, 108, 0),
            flat(70000, 108, 0),
            flat(250000, 108, 0),
        ],
    },
];

#[rustfmt::skip]
pub(super) static PAYBILL_MGAO: &[Dated] = &[
    Dated { // 2023-01-01
        effective_at: Timestamp::from_millis(1672520400000), from_kes: 1,
        rows: &[
            flat(49, 0, 0),
            flat(100, 0, 0),
            flat(500, 4, 0),
            flat(1000, 9, 0),
            flat(1500, 9, 5),
            flat(2500, 12, 7),
            flat(3500, 15, 9),
            flat(5000, 16, 17),
            flat(7500, 16, 24),
            flat(10000, 17, 29),
            flat(15000, 17, 38),
            flat(20000, 18, 42),
            flat(25000, 19, 46),
            flat(30000, 19, 51),
            flat(35000, 20, 60),
            flat(40000, 22, 74),
            flat(45000, 22, 78),
            flat(50000, 23, 82),
            flat(70000, 23, 82),
            flat(150000, 23, 82),
        ],
    },
    Dated { // 2023-07-29
        effective_at: Timestamp::from_millis(1690578000000), from_kes: 1,
        rows: &[
            flat(49, 0, 0),
            flat(100, 0, 0),
            flat(500, 5, 0),
            flat(1000, 10, 0),
            flat(1500, 10, 5),
            flat(2500, 13, 7),
            flat(3500, 16, 9),
            flat(5000, 16, 18),
            flat(7500, 17, 25),
            flat(10000, 18, 30),
            flat(15000, 18, 39),
            flat(20000, 19, 43),
            flat(25000, 20, 47),
            flat(30000, 20, 52),
            flat(35000, 21, 62),
            flat(40000, 23, 76),
            flat(45000, 23, 80),
            flat(50000, 24, 84),
            flat(70000, 24, 84),
            flat(250000, 24, 84),
        ],
    },
];

#[rustfmt::skip]
pub(super) static BUY_GOODS_TILL: &[Dated] = &[
    Dated { // 2022-11-05
        effective_at: Timestamp::from_millis(1667595600000), from_kes: 1,
        rows: &[
            flat(200, 0, 0),
            rate(250000, 5000, 200),
        ],
    },
];

#[rustfmt::skip]
pub(super) static B2C: &[Dated] = &[
    Dated { // 2023-08-01
        effective_at: Timestamp::from_millis(1690837200000), from_kes: 1,
        rows: &[
            flat(49, 0, 0),
            flat(100, 0, 0),
            flat(500, 5, 0),
            flat(1000, 5, 0),
            flat(1500, 5, 0),
            flat(2500, 9, 0),
            flat(3500, 9, 0),
            flat(5000, 9, 0),
            flat(7500, 11, 0),
            flat(10000, 11, 0),
            flat(15000, 11, 0),
            flat(20000, 11, 0),
            flat(25000, 13, 0),
            flat(30000, 13, 0),
            flat(35000, 13, 0),
            flat(40000, 13, 0),
            flat(45000, 13, 0),
            flat(50000, 13, 0),
            flat(70000, 13, 0),
            flat(150000, 13, 0),
            flat(250000, 13, 0),
        ],
    },
];

#[rustfmt::skip]
pub(super) static B2C_WITHDRAWAL_PAID: &[Dated] = &[
    Dated { // 2023-08-01
        effective_at: Timestamp::from_millis(1690837200000), from_kes: 1,
        rows: &[
            flat(49, 0, 0),
            flat(100, 11, 0),
            flat(500, 34, 0),
            flat(1000, 34, 0),
            flat(1500, 34, 0),
            flat(2500, 38, 0),
            flat(3500, 61, 0),
            flat(5000, 78, 0),
            flat(7500, 98, 0),
            flat(10000, 126, 0),
            flat(15000, 178, 0),
            flat(20000, 196, 0),
            flat(25000, 210, 0),
            flat(30000, 210, 0),
            flat(35000, 210, 0),
            flat(40000, 291, 0),
            flat(45000, 291, 0),
            flat(50000, 291, 0),
            flat(70000, 322, 0),
            flat(150000, 322, 0),
        ],
    },
];

#[rustfmt::skip]
pub(super) static B2C_UNREGISTERED: &[Dated] = &[
    Dated { // 2023-08-01
        effective_at: Timestamp::from_millis(1690837200000), from_kes: 101,
        rows: &[
            flat(500, 8, 0),
            flat(1000, 14, 0),
            flat(1500, 14, 0),
            flat(2500, 18, 0),
            flat(3500, 25, 0),
            flat(5000, 30, 0),
            flat(7500, 37, 0),
            flat(10000, 46, 0),
            flat(15000, 62, 0),
            flat(20000, 67, 0),
            flat(25000, 73, 0),
            flat(30000, 73, 0),
            flat(35000, 73, 0),
        ],
    },
];

#[rustfmt::skip]
pub(super) static B2B: &[Dated] = &[
    Dated { // 2025-11-05
        effective_at: Timestamp::from_millis(1762290000000), from_kes: 1,
        rows: &[
            flat(49, 2, 0),
            flat(100, 3, 0),
            flat(500, 8, 0),
            flat(1000, 13, 0),
            flat(1500, 18, 0),
            flat(2500, 25, 0),
            flat(3500, 30, 0),
            flat(5000, 39, 0),
            flat(7500, 48, 0),
            flat(10000, 54, 0),
            flat(15000, 63, 0),
            flat(20000, 68, 0),
            flat(25000, 74, 0),
            flat(30000, 79, 0),
            flat(35000, 90, 0),
            flat(40000, 106, 0),
            flat(45000, 110, 0),
            flat(1000000, 115, 0),
        ],
    },
];
