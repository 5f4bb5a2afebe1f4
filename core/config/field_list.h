#pragma once

#include <concepts>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "core/base/enum_names.h"
#include "core/config/field.h"

// How the table of fields is written: `list.add(path, member, spec)`. For core/config's own sources.

namespace lab {

/// What a field says beside its member's type and default.
struct FieldSpec {
    Message help = {};
    Limits limits = {};
    std::function<bool(const Experiment&)> applies = {};
    Presence presence = Presence::optional;
    bool common = false;
    std::string label = {};  ///< when it is not the last key of the path
    std::vector<std::string> unavailable = {};
};

namespace field {

template <class T>
struct Inner {
    using type = T;
};
template <class T>
struct Inner<std::optional<T>> {
    using type = T;
};

template <class T>
FieldValue toValue(const T& member) {
    if constexpr (std::is_enum_v<T>) {
        return std::string(nameOf(member));
    } else if constexpr (std::is_same_v<T, bool>) {
        return FieldValue(member);
    } else if constexpr (std::integral<T>) {
        return static_cast<std::int64_t>(member);
    } else {
        return FieldValue(member);
    }
}

template <class T>
FieldValue toValue(const std::optional<T>& member) {
    return member ? toValue(*member) : FieldValue();
}

template <class T>
void fromValue(T& member, const FieldValue& value) {
    if constexpr (std::is_enum_v<T>) {
        member = fromName<T>(std::get<std::string>(value)).value();
    } else if constexpr (std::is_same_v<T, bool>) {
        member = std::get<bool>(value);
    } else if constexpr (std::integral<T>) {
        member = static_cast<T>(std::get<std::int64_t>(value));
    } else {
        member = std::get<T>(value);
    }
}

template <class T>
void fromValue(std::optional<T>& member, const FieldValue& value) {
    if (std::holds_alternative<std::monostate>(value)) {
        member.reset();
    } else {
        fromValue(member.emplace(), value);
    }
}

template <class T>
constexpr FieldKind kindOf() {
    if constexpr (std::is_enum_v<T>) return FieldKind::choice;
    if constexpr (std::is_same_v<T, bool>) return FieldKind::boolean;
    if constexpr (std::integral<T>) return FieldKind::integer;
    if constexpr (std::is_same_v<T, double>) return FieldKind::real;
    if constexpr (std::is_same_v<T, std::string>) return FieldKind::text;
    return FieldKind::list;
}

}  // namespace field

class FieldList {
public:
    /// `member` maps an experiment (const or not) to the field's member: [](auto& e) -> auto& { return e.model.d_model; }.
    template <class Member>
    void add(std::string path, Member member, FieldSpec spec) {
        using Declared = std::remove_cvref_t<decltype(member(std::declval<Experiment&>()))>;
        using Type = typename field::Inner<Declared>::type;
        FieldInfo info;
        if constexpr (std::is_enum_v<Type>) {
            for (const std::string_view name : namesOf<Type>()) info.choices.emplace_back(name);
        }
        info.kind = field::kindOf<Type>();
        info.get = [member](const Experiment& e) { return field::toValue(member(e)); };
        info.put = [member](Experiment& e, const FieldValue& value) { field::fromValue(member(e), value); };
        append(std::move(path), std::move(spec), std::move(info));
    }

    std::vector<FieldInfo> take() { return std::move(m_fields); }

private:
    void append(std::string path, FieldSpec spec, FieldInfo info);

    std::vector<FieldInfo> m_fields;
};

void addTaskFields(FieldList& list);
void addModelFields(FieldList& list);
void addAttentionFields(FieldList& list);
void addPositionFields(FieldList& list);
void addTrainingFields(FieldList& list);

}  // namespace lab
