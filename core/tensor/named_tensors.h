#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace lab {

/// A dense row-major tensor with its shape. Integer tensors (tokens) carry their values exactly in float (< 2^24) and say so.
struct Tensor {
    std::vector<std::int64_t> shape;
    std::vector<float> values;
    bool integer = false;  ///< written as I64

    std::int64_t extent(std::size_t axis) const { return shape[axis]; }
};

/// Tensors by name, in the order of their insertion.
class NamedTensors {
public:
    struct Entry {
        std::string name;
        Tensor tensor;
    };

    /// Replaces a tensor of the same name.
    void set(std::string name, Tensor tensor);
    /// Null when there is none.
    const Tensor* find(std::string_view name) const;
    /// Asserts that it is there.
    const Tensor& at(std::string_view name) const;
    bool contains(std::string_view name) const { return find(name) != nullptr; }

    const std::vector<Entry>& entries() const { return m_entries; }
    std::size_t size() const { return m_entries.size(); }

private:
    std::vector<Entry> m_entries;
    std::unordered_map<std::string, std::size_t> m_index;
};

}  // namespace lab
