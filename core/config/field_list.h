#pragma once

#include <algorithm>
#include <concepts>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "core/base/enum_names.h"
#include "core/base/kind.h"
#include "core/base/parameters.h"
#include "core/config/experiment.h"
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

/// The row type of a Kind<Row>; void of anything else.
template <class T>
struct RowOfKind {
    using type = void;
};
template <class Row>
struct RowOfKind<Kind<Row>> {
    using type = Row;
};
template <class T>
constexpr bool isKind = !std::is_void_v<typename RowOfKind<T>::type>;

template <class T>
FieldValue toValue(const T& member) {
    if constexpr (std::is_enum_v<T>) {
        return std::string(nameOf(member));
    } else if constexpr (isKind<T>) {
        return std::string(member.name());
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
    } else if constexpr (isKind<T>) {
        member = T::find(std::get<std::string>(value)).value();
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
    if constexpr (std::is_enum_v<T> || isKind<T>) return FieldKind::choice;
    if constexpr (std::is_same_v<T, bool>) return FieldKind::boolean;
    if constexpr (std::integral<T>) return FieldKind::integer;
    if constexpr (std::is_same_v<T, double>) return FieldKind::real;
    if constexpr (std::is_same_v<T, std::string>) return FieldKind::text;
    if constexpr (std::is_same_v<T, std::vector<std::string>>) return FieldKind::names;
    return FieldKind::list;
}

}  // namespace field

template <class Rows, class ToRow>
Message rowsHelp(const SourceText& intro, const Rows& rows, ToRow toRow) {
    std::vector<Message> helps;
    for (const auto& each : rows) {
        const auto& row = toRow(each);
        if (!row.help.empty()) helps.push_back(Message(LAB_TEXT("fields", "%1: %2")).arg(row.name).arg(row.help));
    }
    return Message(LAB_TEXT("fields", "%1 %2.")).arg(intro).arg(Message::joined(std::move(helps), "; "));
}

/// The help of a choice among the rows of a table: `intro`, then "name: help" of each row. Rows of which nothing is said are left out.
template <class Row>
Message kindHelp(const SourceText& intro) {
    return rowsHelp(intro, Row::table(), [](const Row* row) -> const Row& { return *row; });
}
/// The same of an enumeration that has a row for each enumerator.
template <HasRows E>
Message kindHelp(const SourceText& intro) {
    return rowsHelp(intro, EnumRows<E>::rows, std::identity());
}

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
        } else if constexpr (field::isKind<Type>) {
            for (const auto* row : field::RowOfKind<Type>::type::table()) info.choices.emplace_back(row->name);
        }
        info.kind = field::kindOf<Type>();
        info.get = [member](const Experiment& e) { return field::toValue(member(e)); };
        info.put = [member](Experiment& e, const FieldValue& value) { field::fromValue(member(e), value); };
        append(std::move(path), std::move(spec), std::move(info));
    }

    /// A field `section.key` for each number that a row of the kind's table declares (`row->parameters`); it applies where the chosen row
    /// has it, and `all` does. `kind` maps an experiment to its Kind<Row>, `parameters` to the Parameters that hold the numbers; `all` is
    /// what holds of each of these fields beside what the rows declare.
    template <class KindMember, class ParametersMember>
    void addParameters(const std::string& section, KindMember kind, ParametersMember parameters, const FieldSpec& all = {}) {
        using Row = typename field::RowOfKind<std::remove_cvref_t<decltype(kind(std::declval<Experiment&>()))>>::type;
        for (const Row* row : Row::table()) {
            for (const ParameterSpec& spec : row->parameters) {
                FieldSpec says = all;
                says.applies = [kind, key = spec.key, also = all.applies](const Experiment& e) {
                    return (!also || also(e)) &&
                           std::ranges::any_of(kind(e)->parameters, [key](const ParameterSpec& own) { return own.key == key; });
                };
                FieldInfo info;
                info.get = [parameters, &spec](const Experiment& e) { return parameterValue(parameters(e), spec); };
                info.put = [parameters, &spec](Experiment& e, const FieldValue& value) { putParameter(parameters(e), spec, value); };
                appendParameter(section, spec, std::move(says), std::move(info));
            }
        }
    }

    std::vector<FieldInfo> take() { return std::move(m_fields); }

private:
    void append(std::string path, FieldSpec spec, FieldInfo info);
    /// Once for each key: rows that share a key share the declaration.
    void appendParameter(const std::string& section, const ParameterSpec& spec, FieldSpec says, FieldInfo info);
    /// The given value, else the standard one, else nothing.
    static FieldValue parameterValue(const Parameters& parameters, const ParameterSpec& spec);
    static void putParameter(Parameters& parameters, const ParameterSpec& spec, const FieldValue& value);

    std::vector<FieldInfo> m_fields;
};

/// Applies where attention mixes the positions.
inline bool attends(const Experiment& e) {
    return e.model.attends();
}

void addTaskFields(FieldList& list);
void addPictureFields(FieldList& list);
void addFunctionFields(FieldList& list);
void addRepeatFields(FieldList& list);
void addModelFields(FieldList& list);
void addAttentionFields(FieldList& list);
void addFeedForwardFields(FieldList& list);
void addDictionaryFields(FieldList& list);
void addBottleneckFields(FieldList& list);
void addPositionFields(FieldList& list);
void addTrainingFields(FieldList& list);

}  // namespace lab
