#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/learn/stream_functions.h"

namespace lab {

/// What an expression may name beside the numbers that stand in it.
class Facts {
public:
    /// Numbers in rows, the last index fastest.
    struct Tensor {
        std::vector<std::int64_t> shape;
        const float* values = nullptr;
    };

    virtual ~Facts() = default;
    virtual std::optional<double> number(std::string_view) const { return std::nullopt; }
    /// A word that is compared: model.attention.form == "kv".
    virtual std::optional<std::string> word(std::string_view) const { return std::nullopt; }
    virtual std::optional<Tensor> tensor(std::string_view) const { return std::nullopt; }

    using Argument = std::variant<double, std::string>;
    /// Nothing where there is no stream to be read. `arguments`: as many as the function takes. Throws InputError for what it cannot take.
    virtual std::optional<double> ofStream(StreamFunction, const std::vector<Argument>&) const { return std::nullopt; }
};

/// The value of an expression: numbers, + - * / ^, comparisons (< <= > >= == !=, which give 1 or 0), and, or, not, parentheses, pi, what
/// the facts name ("train_loss", "model.num_heads", "encoder.0.attention.weights[0, i, n-1-i]"), and the functions exp, ln, sqrt, cos,
/// sin, abs, round, floor, sum, mean, max, min, argmax, softmax(a, b, ...)[i], dot((a, b), (c, d)) and cosine((a, b), (c, d)), and what
/// may be asked of a stream (StreamFunction): lens(place(1), 24, answer(24)).
/// A list stands in parentheses; [i] takes one of it, and a tensor with fewer indices than it has dimensions is a list of lists.
/// all, any, sum, mean, max, min, count and list run over whole numbers: mean(i = 0..n-1, encoder.0.attention.weights[0, i, i]).
/// Throws InputError with the expression and the character where it is wrong, or the name that there is not.
double calculated(std::string_view expression, const Facts& facts = {});
/// The same of one that gives a list of numbers.
std::vector<double> calculatedList(std::string_view expression, const Facts& facts = {});
/// Throws InputError for an expression that could not be calculated whatever there is.
void checkExpression(std::string_view expression);
/// Whether it asks a stream, which takes passes of the model.
bool asksStream(std::string_view expression);

}  // namespace lab
