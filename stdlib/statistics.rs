//! `_statistics`: what `statistics` wants to have fast.

#![expect(clippy::excessive_precision, reason = "the coefficients stand as algorithm AS 241 publishes them")]

use pyx_vm::exception::PyResult;
use pyx_vm::native::*;
use pyx_vm::value::Ref;
use pyx_vm::vm::Thread;

pub(crate) static STATISTICS: ModuleDef = ModuleDef {
    doc: "Helpers of the module statistics.",
    functions: &[function(
        "_normal_dist_inv_cdf($module, p, mu, sigma, /)",
        Three(inv_cdf),
        "The value that a normally distributed variable stays below with probability p.",
    )],
    ..ModuleDef::new("_statistics")
};

fn inv_cdf(vm: &Thread, p: Ref<'_>, mu: Ref<'_>, sigma: Ref<'_>) -> PyResult {
    let (p, mu, sigma) = (vm.to_f64(p)?, vm.to_f64(mu)?, vm.to_f64(sigma)?);
    match standard_quantile(p) {
        Some(quantile) => vm.float(mu + quantile * sigma),
        None => Err(vm.value_error("inv_cdf undefined for these parameters")),
    }
}

/// A quotient of polynomials, each of degree 7, the highest power first.
struct Rational {
    numerator: [f64; 8],
    denominator: [f64; 8],
}

fn polynomial(coefficients: &[f64; 8], r: f64) -> f64 {
    let (first, rest) = coefficients.split_first().expect("eight coefficients");
    rest.iter().fold(*first, |sum, coefficient| sum * r + coefficient)
}

/// The quantile function of the standard normal distribution, by Wichura's algorithm AS241 (Applied Statistics 37,
/// 1988): rational approximations in the middle, in the tails, and far out.
fn standard_quantile(p: f64) -> Option<f64> {
    let q = p - 0.5;
    if q.abs() <= 0.425 {
        let r = 0.180625 - q * q;
        return Some(polynomial(&MIDDLE.numerator, r) * q / polynomial(&MIDDLE.denominator, r));
    }
    let tail = if q <= 0.0 { p } else { 1.0 - p };
    if tail <= 0.0 || tail >= 1.0 {
        return None;
    }
    let r = (-tail.ln()).sqrt();
    let (part, r) = if r <= 5.0 { (&TAIL, r - 1.6) } else { (&FAR_TAIL, r - 5.0) };
    let size = polynomial(&part.numerator, r) / polynomial(&part.denominator, r);
    Some(if q < 0.0 { -size } else { size })
}

const MIDDLE: Rational = Rational {
    numerator: [
        2.5090809287301226727e+3,
        3.3430575583588128105e+4,
        6.7265770927008700853e+4,
        4.5921953931549871457e+4,
        1.3731693765509461125e+4,
        1.9715909503065514427e+3,
        1.3314166789178437745e+2,
        3.3871328727963666080e+0,
    ],
    denominator: [
        5.2264952788528545610e+3,
        2.8729085735721942674e+4,
        3.9307895800092710610e+4,
        2.1213794301586595867e+4,
        5.3941960214247511077e+3,
        6.8718700749205790830e+2,
        4.2313330701600911252e+1,
        1.0,
    ],
};

const TAIL: Rational = Rational {
    numerator: [
        7.74545014278341407640e-4,
        2.27238449892691845833e-2,
        2.41780725177450611770e-1,
        1.27045825245236838258e+0,
        3.64784832476320460504e+0,
        5.76949722146069140550e+0,
        4.63033784615654529590e+0,
        1.42343711074968357734e+0,
    ],
    denominator: [
        1.05075007164441684324e-9,
        5.47593808499534494600e-4,
        1.51986665636164571966e-2,
        1.48103976427480074590e-1,
        6.89767334985100004550e-1,
        1.67638483018380384940e+0,
        2.05319162663775882187e+0,
        1.0,
    ],
};

const FAR_TAIL: Rational = Rational {
    numerator: [
        2.01033439929228813265e-7,
        2.71155556874348757815e-5,
        1.24266094738807843860e-3,
        2.65321895265761230930e-2,
        2.96560571828504891230e-1,
        1.78482653991729133580e+0,
        5.46378491116411436990e+0,
        6.65790464350110377720e+0,
    ],
    denominator: [
        2.04426310338993978564e-15,
        1.42151175831644588870e-7,
        1.84631831751005468180e-5,
        7.86869131145613259100e-4,
        1.48753612908506148525e-2,
        1.36929880922735805310e-1,
        5.99832206555887937690e-1,
        1.0,
    ],
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles() {
        assert_eq!(standard_quantile(0.5), Some(0.0));
        assert_eq!(standard_quantile(0.02), Some(-2.0537489106318225));
        assert_eq!(standard_quantile(0.98), Some(2.053748910631822));
        assert_eq!(standard_quantile(0.0), None);
        assert_eq!(standard_quantile(1.0), None);
    }
}
