#pragma once

#include <QDialog>

#include "ui/widgets/handout_pages.h"

class QListWidget;

namespace lab {

class Button;
class ErrorStrip;
class SegmentedControl;
class ThemedLabel;

/// Which stages of a walk go on paper, with their numbers or as a worksheet and its solution; all pages are seen before they are saved.
class HandoutDialog : public QDialog {
    Q_OBJECT

public:
    static constexpr int mostPages = 6;

    HandoutDialog(explain::Walk walk, explain::WalkTitle title, QWidget* parent = nullptr);

    void choose(const std::vector<std::string>& stages);
    void setWorksheet(bool on);
    Handout handout() const;
    int pages() const { return m_count; }
    bool maySave() const;
    /// A .pdf; of a worksheet the solution beside it, "NAME-solution.pdf". Or the whole walk as Markdown. False, and said why, when it
    /// cannot be written.
    bool save(const QString& path);

private:
    class Preview;
    void follow();
    std::vector<std::string> checkedStages() const;
    void askAndSave(const QString& suggestion, const QString& filter);

    explain::Walk m_walk;  ///< kept: the window may go on meanwhile
    explain::WalkTitle m_title;
    int m_count = 0;
    QListWidget* m_stages;
    SegmentedControl* m_kind;
    Preview* m_preview;
    ThemedLabel* m_said;
    ErrorStrip* m_problem;
    Button* m_save;
};

}  // namespace lab
