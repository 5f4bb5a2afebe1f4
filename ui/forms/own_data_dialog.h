#pragma once

#include <QDialog>
#include <memory>
#include <string>

#include "core/data/own_data.h"
#include "ui/runs/latest_task.h"

class QCheckBox;
class QComboBox;
class QFormLayout;
class QLineEdit;

namespace lab {

class Button;
class DataTable;
class ElidedLabel;
class SegmentedControl;
class ThemedLabel;

/// Makes pairs and an experiment of a person's own text or table: its first lines, how it is read, and what the model is to do with them.
class OwnDataDialog : public QDialog {
    Q_OBJECT

public:
    /// `folder` takes what is made where that of the file cannot. Throws InputError when the file is no text.
    OwnDataDialog(const QString& path, const QString& folder, QWidget* parent = nullptr);
    ~OwnDataDialog() override;

    SegmentedControl& separator() const { return *m_separator; }
    QCheckBox& header() const { return *m_header; }
    QCheckBox& quotes() const { return *m_quotes; }
    DataTable& table() const { return *m_table; }
    SegmentedControl& use() const { return *m_use; }
    QComboBox& input() const { return *m_input; }
    QComboBox& answer() const { return *m_answer; }
    SegmentedControl& tokens() const { return *m_tokens; }
    QComboBox& piece() const { return *m_piece; }
    QLineEdit& pathField() const { return *m_path; }
    Button& openButton() const { return *m_open; }
    Button& saveButton() const { return *m_save; }
    /// What it would make, or what is wrong with the file.
    QString verdict() const;
    /// The first example, a line for each of its parts.
    QString example() const;

signals:
    /// An experiment lies there now; whether it is to be opened.
    void made(const QString& experiment, bool open);

private:
    void arrange();
    QWidget* makeReading();
    QWidget* makeChoices();
    OwnFormat format() const;
    OwnPlan plan() const;
    void read();
    void showRows(OwnTable first);
    void choosePlan(const OwnPlan& plan);
    void showUse();
    void check();
    void take(const std::shared_ptr<const OwnPairs>& pairs);
    void showExample();
    void say(const QString& text, bool wrong);
    void browse();
    void make(bool open);

    std::string m_file, m_ending;  ///< its name
    std::shared_ptr<const std::string> m_text;
    std::shared_ptr<const OwnTable> m_first;
    std::shared_ptr<const OwnPairs> m_ready;  ///< null while there is a problem, or nobody knows
    SegmentedControl* m_separator;
    QCheckBox* m_header;
    QCheckBox* m_quotes;
    DataTable* m_table;
    SegmentedControl* m_use;
    ThemedLabel* m_help;
    QFormLayout* m_choices;
    QComboBox* m_input;
    QComboBox* m_answer;
    SegmentedControl* m_tokens;
    QComboBox* m_piece;
    std::vector<ElidedLabel*> m_example;
    ThemedLabel* m_verdict;
    QLineEdit* m_path;
    Button* m_open;
    Button* m_save;
    LatestTask m_checker;  ///< ends first
};

}  // namespace lab
