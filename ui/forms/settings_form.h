#pragma once

#include <QString>
#include <QWidget>
#include <vector>

#include "core/config/experiment.h"
#include "core/config/validation.h"

namespace lab {

class FieldRow;
class SettingsSection;

/// The experiment as a form, made from the table of core/config: sections Task, Model, Training; common keys first, the rest folded; only
/// keys that the chosen kinds use; what differs from the preset in bold; below each field what is wrong with it, as one types.
class SettingsForm : public QWidget {
    Q_OBJECT

public:
    explicit SettingsForm(QWidget* parent = nullptr);

    /// Shows `draft`; `preset` is what bold labels are compared with.
    void setExperiment(const Experiment& draft, const Experiment& preset);
    /// What the run of these settings has beside them: what of it comes from the data holds as long as the task is the same. What the
    /// weights of a model that was opened from elsewhere settle cannot be changed.
    void setRun(const Experiment& settings, const Experiment& resolved);
    /// The draft with what follows from it and from the run's data.
    Experiment complete() const;
    /// Everything typed that could be read.
    const Experiment& draft() const { return m_draft; }
    bool isReadable() const { return m_readable; }
    /// No text is unreadable and the draft can be built and trained.
    bool isValid() const { return m_valid; }
    /// Of the first row in error as "path: sentence"; empty when valid.
    QString firstProblem() const;
    FieldRow* firstRowInError() const;  ///< null: none

    /// The row of a key ("model.num_heads"); every key has one, shown or not.
    FieldRow& row(const std::string& path) const;
    /// Unfolds what hides the row of a key and gives it the keyboard's focus; false: it does not apply to the draft.
    bool reveal(const std::string& path);

signals:
    /// The draft or its validity changed by the person's hand.
    void edited();

private:
    void read(FieldRow& row);
    void refresh();

    Experiment m_draft;
    Experiment m_preset;
    Experiment m_runSettings, m_runResolved;
    std::vector<std::string> m_fixed;  ///< paths of keys
    bool m_readable = true;
    bool m_valid = true;
    std::vector<FieldRow*> m_rows;  ///< in the table's order
    std::vector<SettingsSection*> m_sections;
};

}  // namespace lab
