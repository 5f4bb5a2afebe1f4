#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace lab {

/// A dense row-major tensor with its shape.
struct Tensor {
    std::vector<std::int64_t> shape;
    /// Of an integer tensor that was read the same numbers, NaN where no float is exact (beyond 2^24).
    std::vector<float> values;
    std::vector<std::int64_t> integers = {};  ///< of an integer tensor (tokens), which is written as I64

    bool isInteger() const { return !integers.empty(); }
    std::int64_t extent(std::size_t axis) const { return shape[axis]; }
};

/// Makes tensors that are not kept when somebody asks for them. For several threads at once.
class TensorSource {
public:
    virtual ~TensorSource() = default;
    /// Null when it has none of that name; else it, which stays as long as the source.
    virtual const Tensor* find(std::string_view name) const = 0;
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
    /// What is not there is asked of it; it is no entry.
    void setSource(std::shared_ptr<const TensorSource> source) { m_source = std::move(source); }
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
    std::shared_ptr<const TensorSource> m_source;
};

}  // namespace lab
