#pragma once

#include <QDialog>
#include <vector>

#include "core/config/experiment.h"
#include "ui/runs/run.h"

class QLabel;
class QLineEdit;

namespace lab {

class Button;
class SegmentedControl;
class SettingsForm;

/// A copy of a run with any setting changed, as one run or as several seeds. Never in the way: the window stays usable.
class DuplicateDialog : public QDialog {
    Q_OBJECT

public:
    explicit DuplicateDialog(const Run& run, QWidget* parent = nullptr);

    SettingsForm& form() const { return *m_form; }
    QLineEdit& nameField() const { return *m_name; }
    SegmentedControl& seeds() const { return *m_seeds; }
    Button& acceptButton() const { return *m_accept; }
    /// What is to be made, in order: the settings as typed, and further seeds.
    std::vector<Experiment> settings() const;

signals:
    void wanted(const std::vector<lab::Experiment>& settings);

private:
    void showChange();
    int seedCount() const;

    Experiment m_original;
    QString m_baseName;
    bool m_named = false;  ///< by hand
    SettingsForm* m_form;
    QLineEdit* m_name;
    SegmentedControl* m_seeds;
    QLabel* m_change;
    Button* m_accept;
};

}  // namespace lab
