#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/model/trace.h"

namespace lab::explain {

/// A tensor in double precision.
struct DoubleTensor {
    std::vector<std::int64_t> shape;
    std::vector<double> values;
};
/// What the twin computes, under the names of a Trace.
using DoubleTrace = std::map<std::string, DoubleTensor, std::less<>>;

/// A tensor of either precision, to read.
class NumberView {
public:
    NumberView() = default;
    explicit NumberView(const Tensor& tensor) : m_single(tensor.values.data()), m_shape(&tensor.shape) {}
    explicit NumberView(const DoubleTensor& tensor) : m_double(tensor.values.data()), m_shape(&tensor.shape) {}

    explicit operator bool() const { return m_shape != nullptr; }
    std::size_t rank() const { return m_shape->size(); }
    int extent(std::size_t axis) const { return static_cast<int>((*m_shape)[axis]); }
    double operator[](std::int64_t index) const { return m_single ? static_cast<double>(m_single[index]) : m_double[index]; }
    double operator()(int row, int column) const { return (*this)[std::int64_t{row} * (*m_shape)[1] + column]; }
    double operator()(int head, int row, int column) const {
        return (*this)[(std::int64_t{head} * (*m_shape)[1] + row) * (*m_shape)[2] + column];
    }

private:
    const float* m_single = nullptr;
    const double* m_double = nullptr;
    const std::vector<std::int64_t>* m_shape = nullptr;
};

/// Where a walk's numbers come from: a Trace, or a twin's. Shared and immutable.
class NumberSource {
public:
    NumberSource() = default;
    explicit NumberSource(std::shared_ptr<const Trace> trace) : m_trace(std::move(trace)) {}
    explicit NumberSource(std::shared_ptr<const DoubleTrace> trace) : m_twin(std::move(trace)) {}

    bool has(const std::string& name) const { return static_cast<bool>(find(name)); }
    /// An empty view when there is none.
    NumberView find(const std::string& name) const;
    /// Asserts that it is there.
    NumberView at(const std::string& name) const;

private:
    std::shared_ptr<const Trace> m_trace;
    std::shared_ptr<const DoubleTrace> m_twin;
};

}  // namespace lab::explain
