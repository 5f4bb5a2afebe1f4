#pragma once

#include <QString>

#include "core/config/field.h"

namespace lab {

/// A field's value as the form shows it: thousands apart by a thin space, true minus, small reals as 5e−4, the
/// decimal point of the language in use. Seeds stay whole.
QString shownText(const FieldInfo& field, const FieldValue& value);

/// What a person typed as core/config reads it: no spaces inside numbers, plain minus, a decimal point (ui/text/number_words.h).
std::string readText(const FieldInfo& field, const QString& typed);

/// The field's help, limits, default and preset value for a tooltip (rich text).
QString fieldToolTip(const FieldInfo& field, const FieldValue& value, const FieldValue& presetValue);

}  // namespace lab
