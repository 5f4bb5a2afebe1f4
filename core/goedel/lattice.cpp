#include "core/goedel/lattice.h"

#include "core/goedel/gmp_numbers.h"

namespace lab::goedel {
namespace {

using Vector = std::vector<mpz_class>;

mpz_class dot(const Vector& a, const Vector& b) {
    mpz_class sum;
    for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
    return sum;
}

mpz_class floorDivided(const mpz_class& a, const mpz_class& b) {
    mpz_class quotient;
    mpz_fdiv_q(quotient.get_mpz_t(), a.get_mpz_t(), b.get_mpz_t());
    return quotient;
}

/// The reduction without fractions (Cohen, A Course in Computational Algebraic Number Theory, 1993, algorithm 2.6.7):
/// m_d[k + 1] is the Gram determinant of the first k + 1 vectors, m_lambda[k][j] = m_d[j + 1] mu_kj.
class Reduction {
public:
    Reduction(std::vector<Vector> basis, const CancelCheck& cancelled)
        : m_basis(std::move(basis)), m_lambda(m_basis.size(), Vector(m_basis.size())), m_d(m_basis.size() + 1, 1), m_cancelled(cancelled) {}

    std::vector<Vector> reduced() {
        if (m_basis.empty()) return {};
        m_d[1] = dot(m_basis[0], m_basis[0]);
        for (std::size_t k = 1, known = 0; k < m_basis.size();) {
            throwIfCancelled(m_cancelled);
            if (k > known) orthogonalise(known = k);
            shorten(k, k - 1);
            if (isOutOfOrder(k)) {
                exchange(k, known);
                k = k > 1 ? k - 1 : 1;
            } else {
                for (std::size_t j = k - 1; j-- > 0;) shorten(k, j);
                ++k;
            }
        }
        return std::move(m_basis);
    }

private:
    void orthogonalise(std::size_t k) {
        for (std::size_t j = 0; j <= k; ++j) {
            mpz_class u = dot(m_basis[k], m_basis[j]);
            for (std::size_t i = 0; i < j; ++i) u = (m_d[i + 1] * u - m_lambda[k][i] * m_lambda[j][i]) / m_d[i];
            (j < k ? m_lambda[k][j] : m_d[k + 1]) = u;
        }
    }

    /// Takes from vector k the multiple of vector j that leaves |mu_kj| <= 1/2.
    void shorten(std::size_t k, std::size_t j) {
        if (2 * abs(m_lambda[k][j]) <= m_d[j + 1]) return;
        const mpz_class times = floorDivided(2 * m_lambda[k][j] + m_d[j + 1], 2 * m_d[j + 1]);
        for (std::size_t i = 0; i < m_basis[k].size(); ++i) m_basis[k][i] -= times * m_basis[j][i];
        m_lambda[k][j] -= times * m_d[j + 1];
        for (std::size_t i = 0; i < j; ++i) m_lambda[k][i] -= times * m_lambda[j][i];
    }

    /// Lovász's condition with 3/4.
    bool isOutOfOrder(std::size_t k) const {
        const mpz_class& mu = m_lambda[k][k - 1];
        return 4 * (m_d[k + 1] * m_d[k - 1] + mu * mu) < 3 * m_d[k] * m_d[k];
    }

    void exchange(std::size_t k, std::size_t known) {
        std::swap(m_basis[k], m_basis[k - 1]);
        for (std::size_t j = 0; j + 1 < k; ++j) std::swap(m_lambda[k][j], m_lambda[k - 1][j]);
        const mpz_class mu = m_lambda[k][k - 1];
        const mpz_class determinant = (m_d[k - 1] * m_d[k + 1] + mu * mu) / m_d[k];
        for (std::size_t i = k + 1; i <= known; ++i) {
            const mpz_class before = m_lambda[i][k];
            m_lambda[i][k] = (m_d[k + 1] * m_lambda[i][k - 1] - mu * before) / m_d[k];
            m_lambda[i][k - 1] = (determinant * before + mu * m_lambda[i][k]) / m_d[k + 1];
        }
        m_d[k] = determinant;
    }

    std::vector<Vector> m_basis;
    std::vector<Vector> m_lambda;
    Vector m_d;
    const CancelCheck& m_cancelled;
};

}  // namespace

std::vector<std::vector<std::int64_t>> smallRelations(const std::vector<std::uint32_t>& numbers, unsigned scale,
                                                      const CancelCheck& cancelled) {
    const std::size_t count = numbers.size();
    std::vector<Vector> basis(count, Vector(count + 1));
    for (std::size_t i = 0; i < count; ++i) {
        basis[i][i] = 1;
        basis[i][count] = scaledLogarithm(numbers[i], scale);
    }
    std::vector<std::vector<std::int64_t>> relations;
    for (const Vector& vector : Reduction(std::move(basis), cancelled).reduced()) {
        relations.emplace_back();
        for (std::size_t i = 0; i < count; ++i) relations.back().push_back(vector[i].get_si());
    }
    return relations;
}

}  // namespace lab::goedel
