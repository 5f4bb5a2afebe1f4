#include "core/learn/arithmetic.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <numbers>
#include <numeric>
#include <string>
#include <vector>

#include "core/base/errors.h"

namespace lab {
namespace {

/// A number, or a list of numbers or lists.
struct Value {
    double number = 0.0;
    std::vector<Value> items = {};
    bool isList = false;

    static Value list(std::vector<Value> of) { return {0.0, std::move(of), true}; }
};

constexpr int deepest = 64;  // of parentheses in each other

class Calculation {
public:
    explicit Calculation(std::string_view text) : m_text(text) {}

    double result() {
        const double value = number(sum());
        if (peek() != '\0') refuse();
        return value;
    }

private:
    char peek() {
        while (m_at < m_text.size() && m_text[m_at] == ' ') ++m_at;
        return m_at < m_text.size() ? m_text[m_at] : '\0';
    }
    bool take(char wanted) {
        if (peek() != wanted) return false;
        ++m_at;
        return true;
    }
    [[noreturn]] void refuse() const {
        throw InputError(
            "calculation",
            Message(LAB_TEXT("learn", "%1: not understood at character %2")).arg(std::string(m_text)).arg(static_cast<std::int64_t>(m_at)));
    }
    double number(const Value& value) const {
        if (value.isList) refuse();
        return value.number;
    }
    std::vector<double> numbers(const Value& list) const {
        if (!list.isList) refuse();
        std::vector<double> all;
        for (const Value& item : list.items) all.push_back(number(item));
        if (all.empty()) refuse();
        return all;
    }

    Value sum() {
        Value left = product();
        while (true) {
            const char sign = peek();
            if (sign != '+' && sign != '-') return left;
            ++m_at;
            const double right = number(product());
            left = {number(left) + (sign == '+' ? right : -right)};
        }
    }
    Value product() {
        Value left = power();
        while (true) {
            const char sign = peek();
            if (sign != '*' && sign != '/') return left;
            ++m_at;
            const double right = number(power());
            left = {sign == '*' ? number(left) * right : number(left) / right};
        }
    }
    Value power() {
        if (take('-')) return {-number(power())};
        Value base = item();
        return take('^') ? Value{std::pow(number(base), number(power()))} : base;
    }
    /// An atom, or one of a list's items.
    Value item() {
        Value value = atom();
        while (take('[')) {
            const double index = number(sum());
            const auto at = static_cast<std::size_t>(index);
            if (!take(']') || !value.isList || !(index >= 0.0) || at >= value.items.size()) refuse();
            value = Value(value.items[at]);
        }
        return value;
    }
    Value atom() {
        const char c = peek();
        if (c == '(') return inParentheses();
        if ((c >= '0' && c <= '9') || c == '.') return {plainNumber()};
        if (c >= 'a' && c <= 'z') return named();
        refuse();
    }
    double plainNumber() {
        double value = 0.0;
        const char* begin = m_text.data() + m_at;
        const auto [end, error] = std::from_chars(begin, m_text.data() + m_text.size(), value);
        if (error != std::errc()) refuse();
        m_at += static_cast<std::size_t>(end - begin);
        return value;
    }
    /// (a) is a; (a, b) is a list.
    Value inParentheses() {
        if (++m_depth > deepest || !take('(')) refuse();
        std::vector<Value> items;
        do items.push_back(sum());
        while (take(','));
        if (!take(')')) refuse();
        --m_depth;
        return items.size() == 1 ? items.front() : Value::list(std::move(items));
    }
    Value named() {
        const std::size_t begin = m_at;
        while (m_at < m_text.size() && m_text[m_at] >= 'a' && m_text[m_at] <= 'z') ++m_at;
        const std::string_view name = m_text.substr(begin, m_at - begin);
        if (name == "pi") return {std::numbers::pi};
        return applied(name, inParentheses());
    }
    Value applied(std::string_view name, const Value& to) const {
        if (name == "exp") return {std::exp(number(to))};
        if (name == "ln") return {std::log(number(to))};
        if (name == "sqrt") return {std::sqrt(number(to))};
        if (name == "cos") return {std::cos(number(to))};
        if (name == "sin") return {std::sin(number(to))};
        if (name == "abs") return {std::abs(number(to))};
        if (name == "round") return {std::round(number(to))};
        if (name == "dot" || name == "cosine") return {product(name, to)};
        const std::vector<double> all = numbers(to);
        const double total = std::accumulate(all.begin(), all.end(), 0.0);
        if (name == "sum") return {total};
        if (name == "mean") return {total / static_cast<double>(all.size())};
        if (name == "max") return {*std::ranges::max_element(all)};
        if (name == "min") return {*std::ranges::min_element(all)};
        if (name == "softmax") return softmax(all);
        refuse();
    }
    double product(std::string_view name, const Value& pair) const {
        if (!pair.isList || pair.items.size() != 2) refuse();
        const std::vector<double> a = numbers(pair.items[0]), b = numbers(pair.items[1]);
        if (a.size() != b.size()) refuse();
        const double dot = std::inner_product(a.begin(), a.end(), b.begin(), 0.0);
        if (name == "dot") return dot;
        return dot /
               std::sqrt(std::inner_product(a.begin(), a.end(), a.begin(), 0.0) * std::inner_product(b.begin(), b.end(), b.begin(), 0.0));
    }
    static Value softmax(const std::vector<double>& scores) {
        const double largest = *std::ranges::max_element(scores);
        double total = 0.0;
        for (const double score : scores) total += std::exp(score - largest);
        std::vector<Value> weights;
        for (const double score : scores) weights.push_back({std::exp(score - largest) / total});
        return Value::list(std::move(weights));
    }

    std::string_view m_text;
    std::size_t m_at = 0;
    int m_depth = 0;
};

}  // namespace

double calculated(std::string_view expression) {
    return Calculation(expression).result();
}

}  // namespace lab
