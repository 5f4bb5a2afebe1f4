#pragma once

#include <QString>
#include <string_view>

#include "core/config/experiment_json.h"
#include "core/config/presets.h"
#include "core/config/visitor.h"

namespace lab {

/// A preset of which its words say what becomes of it with other settings. `changes`: "path=value", several parted by blanks.
inline Experiment changedPreset(std::string_view preset, const QString& changes) {
    Experiment experiment = parseExperiment(findPreset(preset)->json);
    for (const QString& change : changes.split(QLatin1Char(' '), Qt::SkipEmptyParts)) {
        const FieldInfo& field = fieldTable().at(change.section(QLatin1Char('='), 0, 0).toStdString());
        field.setText(experiment, change.section(QLatin1Char('='), 1).toStdString());
    }
    return experiment;
}

}  // namespace lab
