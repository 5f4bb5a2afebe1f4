#pragma once

#include <QString>

#include "core/config/dictionary_kind.h"
#include "core/training/dictionary_cost.h"
#include "ui/widgets/theme.h"

// What the tab Dictionary calls the ways to give a model a dictionary, and what it measures them by.

namespace lab {

/// "standing"; "in the context".
QString dictionaryName(DictionaryKind kind);
/// Colour and dash of its curves.
Role dictionaryRole(DictionaryKind kind);

/// What accuracy is drawn against.
enum class DictionaryMeasure { kept, anew, memory };

struct DictionaryMeasureWords {
    QString choice;  ///< of the control
    QString axis;    ///< of the plot
    QString help;
};
DictionaryMeasureWords dictionaryMeasureWords(DictionaryMeasure measure);
/// Of a cost: multiply-adds an answer with all kept, read anew for each text, or bytes that are kept.
double measured(const DictionaryCost& cost, DictionaryMeasure measure);

/// 13 500 -> "13.5 k".
QString multiplyAdds(double count);
/// "1.5 KiB"; "–" of none.
QString kibibytes(double bytes);

}  // namespace lab
