// The number-theoretic transform and products of ML-KEM (FIPS 203 §4.3, Appendix A).
// Signed 16-bit Montgomery arithmetic with R = 2^16. The bounds in the comments are what keeps it from
// overflowing. Must not divide: every reduction is a product with a constant.
#include "crypto/mlkem/polynomial.hpp"

namespace handfast::crypto::mlkem {
namespace {

constexpr std::int16_t kInverseModulus = -3327;  // q^-1 mod 2^16
static_assert(static_cast<std::int16_t>(kInverseModulus * kModulus) == 1);

constexpr std::size_t kSide = 16;  // the coefficients seen as a square of 16 rows and 16 columns

constexpr std::int16_t low_half(std::int16_t a, std::int16_t b) { return static_cast<std::int16_t>(a * b); }
constexpr std::int16_t high_half(std::int16_t a, std::int16_t b) {
  return static_cast<std::int16_t>((a * b) >> 16);
}

// A constant c kept as c·2^16 mod q, beside that times q^-1 mod 2^16, which saves one product each time it is
// used.
struct Factor {
  std::int16_t value;
  std::int16_t scaled;
};

constexpr std::int16_t centred(int value) {
  const int canonical = (value % kModulus + kModulus) % kModulus;
  return static_cast<std::int16_t>(canonical > kModulus / 2 ? canonical - kModulus : canonical);
}

// The Montgomery form of a constant, when compiling only.
consteval Factor factor(int constant) {
  const std::int16_t value = centred(centred(constant) * centred(1 << 16));
  return {value, low_half(value, kInverseModulus)};
}

consteval int power(int base, unsigned exponent) {
  int result = 1;
  for (; exponent > 0; --exponent) result = result * base % kModulus;
  return result;
}

constexpr unsigned reversed7(unsigned value) {  // FIPS 203 §4.3, BitRev7
  unsigned result = 0;
  for (int bit = 0; bit < 7; ++bit) result |= (value >> bit & 1u) << (6 - bit);
  return result;
}

// One row of factors per block of columns, in the order of a heap: layer `length` begins at 8/length.
struct FactorRow {
  std::array<std::int16_t, kSide> value;
  std::array<std::int16_t, kSide> scaled;
};
using ColumnFactors = std::array<FactorRow, 8>;

consteval FactorRow factor_row(unsigned first, int step, bool product) {
  FactorRow row{};
  for (std::size_t i = 0; i < kSide; ++i) {
    const auto index = static_cast<unsigned>(static_cast<int>(first) + step * static_cast<int>(i));
    const Factor entry = factor(power(17, product ? 2 * reversed7(index) + 1 : reversed7(index)));
    row.value[i] = entry.value;
    row.scaled[i] = entry.scaled;
  }
  return row;
}

// ζ^BitRev7(i), the factors of both transforms, of the layers that work on whole rows.
constexpr std::array<Factor, 16> kRowFactors = []() consteval {
  std::array<Factor, 16> factors{};
  for (unsigned i = 0; i < 16; ++i) factors[i] = factor(power(17, reversed7(i)));
  return factors;
}();

// The same for the layers within a row: block b of row r is block r·(8/length) + b of its layer.
constexpr ColumnFactors kForwardColumnFactors = []() consteval {
  ColumnFactors factors{};
  for (unsigned blocks = 1; blocks <= 4; blocks *= 2) {
    for (unsigned b = 0; b < blocks; ++b) {
      factors[blocks + b] = factor_row(16 * blocks + b, static_cast<int>(blocks), false);
    }
  }
  return factors;
}();

// The inverse transform takes each layer's factors in the opposite order.
constexpr ColumnFactors kInverseColumnFactors = []() consteval {
  ColumnFactors factors{};
  for (unsigned blocks = 1; blocks <= 4; blocks *= 2) {
    for (unsigned b = 0; b < blocks; ++b) {
      factors[blocks + b] = factor_row(32 * blocks - 1 - b, -static_cast<int>(blocks), false);
    }
  }
  return factors;
}();

// ζ^(2·BitRev7(i)+1): pair p of row r has i = 8r + p.
constexpr std::array<FactorRow, 8> kProductFactors = []() consteval {
  std::array<FactorRow, 8> factors{};
  for (unsigned pair = 0; pair < 8; ++pair) factors[pair] = factor_row(pair, 8, true);
  return factors;
}();

// a·b·2^-16 mod q, |result| < q. Needs |a·b| < q·2^15, which holds for every a as long as |b| < q.
constexpr std::int16_t montgomery(std::int16_t a, std::int16_t b) {
  const std::int16_t quotient = low_half(low_half(a, b), kInverseModulus);
  return static_cast<std::int16_t>(high_half(a, b) - high_half(quotient, kModulus));
}

constexpr std::int16_t times(std::int16_t a, std::int16_t value, std::int16_t scaled) {
  return static_cast<std::int16_t>(high_half(a, value) - high_half(low_half(a, scaled), kModulus));
}

// The representative of any a with |result| <= (q + 1) / 2.
constexpr std::int16_t barrett(std::int16_t a) {
  constexpr std::int16_t kReciprocal = ((1 << 26) + kModulus / 2) / kModulus;
  const auto quotient = static_cast<std::int16_t>((high_half(a, kReciprocal) + (1 << 9)) >> 10);
  return static_cast<std::int16_t>(a - quotient * kModulus);
}

constexpr std::int16_t sum(std::int16_t a, std::int16_t b) { return static_cast<std::int16_t>(a + b); }
constexpr std::int16_t difference(std::int16_t a, std::int16_t b) { return static_cast<std::int16_t>(a - b); }

// The parameters of the loops below are __restrict because without it g++ at -O2 leaves them scalar.

// One step of FIPS 203 Algorithm 9 for Count pairs that share a factor. Adds at most q to the bound of a
// coefficient.
template <std::size_t Count>
void forward_pairs(std::int16_t* __restrict low, std::int16_t* __restrict high, Factor zeta) {
  for (std::size_t i = 0; i < Count; ++i) {
    const std::int16_t product = times(high[i], zeta.value, zeta.scaled);
    high[i] = difference(low[i], product);
    low[i] = sum(low[i], product);
  }
}

// The same for two columns of the transposed square, where each row has its own factor.
void forward_columns(std::int16_t* __restrict low, std::int16_t* __restrict high,
                     const FactorRow& __restrict zeta) {
  for (std::size_t row = 0; row < kSide; ++row) {
    const std::int16_t product = times(high[row], zeta.value[row], zeta.scaled[row]);
    high[row] = difference(low[row], product);
    low[row] = sum(low[row], product);
  }
}

// One step of FIPS 203 Algorithm 10 for Count pairs that share a factor. Doubles the bound of a coefficient.
template <std::size_t Count>
void inverse_pairs(std::int16_t* __restrict low, std::int16_t* __restrict high, Factor zeta) {
  for (std::size_t i = 0; i < Count; ++i) {
    const std::int16_t change = difference(high[i], low[i]);
    low[i] = sum(low[i], high[i]);
    high[i] = times(change, zeta.value, zeta.scaled);
  }
}

void inverse_columns(std::int16_t* __restrict low, std::int16_t* __restrict high,
                     const FactorRow& __restrict zeta) {
  for (std::size_t row = 0; row < kSide; ++row) {
    const std::int16_t change = difference(high[row], low[row]);
    low[row] = sum(low[row], high[row]);
    high[row] = times(change, zeta.value[row], zeta.scaled[row]);
  }
}

// The layers with length >= 16 pair whole rows of coefficients.
template <std::size_t Length>
void forward_row_layer(std::int16_t* coefficients) {
  constexpr std::size_t kBlocks = kDegree / 2 / Length;
  for (std::size_t block = 0; block < kBlocks; ++block) {
    std::int16_t* low = coefficients + 2 * Length * block;
    forward_pairs<Length>(low, low + Length, kRowFactors[kBlocks + block]);
  }
}

template <std::size_t Length>
void inverse_row_layer(std::int16_t* coefficients) {
  constexpr std::size_t kBlocks = kDegree / 2 / Length;
  for (std::size_t block = 0; block < kBlocks; ++block) {
    std::int16_t* low = coefficients + 2 * Length * block;
    inverse_pairs<Length>(low, low + Length, kRowFactors[2 * kBlocks - 1 - block]);
  }
}

// Calls step(low, high, factors) for the columns that a layer with length <= 8 pairs.
template <std::size_t Length, class Step>
void column_layer(std::int16_t* coefficients, const ColumnFactors& factors, Step step) {
  constexpr std::size_t kBlocks = 8 / Length;
  for (std::size_t block = 0; block < kBlocks; ++block) {
    for (std::size_t column = 0; column < Length; ++column) {
      std::int16_t* low = coefficients + kSide * (2 * Length * block + column);
      step(low, low + kSide * Length, factors[kBlocks + block]);
    }
  }
}

// Two columns of each operand hold sixteen polynomials of degree one: multiplies them modulo X^2 - gamma
// (FIPS 203 Algorithm 12).
void add_column_products(std::int16_t* __restrict total, const std::int16_t* __restrict a,
                         const std::int16_t* __restrict b, const FactorRow& __restrict gamma) {
  for (std::size_t row = 0; row < kSide; ++row) {
    const std::int16_t high = montgomery(a[kSide + row], b[kSide + row]);
    const std::int16_t wrapped = times(high, gamma.value[row], gamma.scaled[row]);
    total[row] = sum(total[row], sum(montgomery(a[row], b[row]), wrapped));
  }
  for (std::size_t row = 0; row < kSide; ++row) {
    const std::int16_t cross = sum(montgomery(a[row], b[kSide + row]), montgomery(a[kSide + row], b[row]));
    total[kSide + row] = sum(total[kSide + row], cross);
  }
}

void transpose(std::int16_t* coefficients) {
  for (std::size_t row = 1; row < kSide; ++row) {
    for (std::size_t column = 0; column < row; ++column) {
      const std::int16_t below = coefficients[kSide * row + column];
      coefficients[kSide * row + column] = coefficients[kSide * column + row];
      coefficients[kSide * column + row] = below;
    }
  }
}

void reduce_all(Coefficients& coefficients) {
  for (auto& coefficient : coefficients) coefficient = barrett(coefficient);
}

}  // namespace

void ntt(const Polynomial& input, NttPolynomial& output) {
  output.coefficients = input.coefficients;
  std::int16_t* coefficients = output.coefficients.data();
  forward_row_layer<128>(coefficients);
  forward_row_layer<64>(coefficients);
  forward_row_layer<32>(coefficients);
  forward_row_layer<16>(coefficients);
  transpose(coefficients);
  column_layer<8>(coefficients, kForwardColumnFactors, forward_columns);
  column_layer<4>(coefficients, kForwardColumnFactors, forward_columns);
  column_layer<2>(coefficients, kForwardColumnFactors,
                  forward_columns);  // seven layers: |coefficient| < 8q < 2^15
  reduce_all(output.coefficients);
}

void inverse_ntt(const NttPolynomial& input, Polynomial& output) {
  // 2^16 for the 2^-16 in the products, over the 128 that the layers leave.
  constexpr Factor kScale = factor(factor(power(128, kModulus - 2)).value);
  output.coefficients = input.coefficients;
  std::int16_t* coefficients = output.coefficients.data();
  column_layer<2>(coefficients, kInverseColumnFactors, inverse_columns);
  column_layer<4>(coefficients, kInverseColumnFactors, inverse_columns);
  column_layer<8>(coefficients, kInverseColumnFactors, inverse_columns);  // |coefficient| < 8q < 2^15
  reduce_all(output.coefficients);                                        // <= (q + 1) / 2
  transpose(coefficients);
  inverse_row_layer<16>(coefficients);
  inverse_row_layer<32>(coefficients);
  inverse_row_layer<64>(coefficients);
  inverse_row_layer<128>(coefficients);  // <= 8(q + 1) < 2^15
  for (auto& coefficient : output.coefficients) coefficient = times(coefficient, kScale.value, kScale.scaled);
}

void add_product(NttPolynomial& total, const NttPolynomial& left, const NttPolynomial& right) {
  for (std::size_t pair = 0; pair < 8; ++pair) {
    const std::size_t first = 2 * kSide * pair;
    add_column_products(total.coefficients.data() + first, left.coefficients.data() + first,
                        right.coefficients.data() + first, kProductFactors[pair]);
  }
}

void reduce(NttPolynomial& total) { reduce_all(total.coefficients); }

void finish_sum(NttPolynomial& __restrict output, const NttPolynomial& __restrict total,
                const NttPolynomial& __restrict addend) {
  constexpr Factor kScale = factor(1 << 16);
  for (std::size_t i = 0; i < kDegree; ++i) {
    const std::int16_t scaled = times(total.coefficients[i], kScale.value, kScale.scaled);
    output.coefficients[i] = barrett(sum(scaled, addend.coefficients[i]));
  }
}

void add(Polynomial& __restrict total, const Polynomial& __restrict addend) {
  for (std::size_t i = 0; i < kDegree; ++i) {
    total.coefficients[i] = sum(total.coefficients[i], addend.coefficients[i]);
  }
}

void subtract(Polynomial& __restrict total, const Polynomial& __restrict subtrahend) {
  for (std::size_t i = 0; i < kDegree; ++i) {
    total.coefficients[i] = difference(total.coefficients[i], subtrahend.coefficients[i]);
  }
}

void make_canonical(Coefficients& coefficients) {
  for (auto& coefficient : coefficients) {
    const std::int16_t reduced = barrett(coefficient);
    coefficient = static_cast<std::int16_t>(reduced + ((reduced >> 15) & kModulus));
  }
}

}  // namespace handfast::crypto::mlkem
