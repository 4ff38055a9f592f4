use super::{Money, MoneyError};

/// Divides an amount in proportion to the weights; the parts always sum to the whole.
///
/// What cannot be divided evenly goes, one minor unit each, to the parts with the largest
/// remainders, the earlier part first (the largest-remainder method). All weights zero gives
/// everything to the first part.
///
/// # Errors
/// [`MoneyError::OutOfRange`] if there are no weights, or more than 1,000.
///
/// ```
/// use amana_core::money::{Currency, Money, split_by_weight};
/// let parts = split_by_weight(Money::parse("0.05", Currency::KES)?, &[1, 1])?;
/// assert_eq!(parts.iter().map(|p| p.minor()).collect::<Vec<_>>(), [3, 2]);
/// # Ok::<(), amana_core::money::MoneyError>(())
/// ```
pub fn split_by_weight(whole: Money, weights: &[u32]) -> Result<Vec<Money>, MoneyError> {
    if weights.is_empty() || weights.len() > 1_000 {
        return Err(MoneyError::OutOfRange);
    }
    let total: i128 = weights.iter().copied().map(i128::from).sum();
    if total == 0 {
        let mut parts = vec![Money::zero(whole.currency()); weights.len()];
        parts[0] = whole;
        return Ok(parts);
    }
    let amount = i128::from(whole.minor());
    let mut shares: Vec<i128> = weights
        .iter()
        .map(|&weight| amount * i128::from(weight) / total)
        .collect();
    let mut by_remainder: Vec<usize> = (0..weights.len()).collect();
    let remainder = |index: usize| (amount * i128::from(weights[index]) % total).abs();
    by_remainder.sort_by(|&a, &b| remainder(b).cmp(&remainder(a)).then(a.cmp(&b)));
    let mut left = amount - shares.iter().sum::<i128>();
    for index in by_remainder {
        if left == 0 {
            break;
        }
        shares[index] += left.signum();
        left -= left.signum();
    }
    shares
        .into_iter()
        .map(|share| {
            let minor = i64::try_from(share).map_err(|_| MoneyError::OutOfRange)?;
            Money::from_minor(minor, whole.currency())
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::money::Currency;

    proptest! {
        #[test]
        fn parts_sum_to_the_whole(
            minor in -Money::MINOR_MAX..=Money::MINOR_MAX,
            weights in proptest::collection::vec(any::<u32>(), 1..20),
        ) {
            let whole = Money::from_minor(minor, Currency::KES).unwrap();
            let parts = split_by_weight(whole, &weights).unwrap();
            prop_assert_eq!(parts.iter().map(|part| part.minor()).sum::<i64>(), minor);
            for (part, weight) in parts.iter().zip(&weights) {
                prop_assert!(*weight != 0 || weights.iter().all(|w| *w == 0) || part.is_zero());
            }
        }
    }
}
