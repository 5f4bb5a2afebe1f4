#pragma once

#include <QWidget>
#include <vector>

#include "core/learn/lesson.h"

namespace lab {

class Button;
class DataTable;
class LessonProgress;
class PanelFrame;
class PrimaryButton;
class ThemedLabel;
struct TableColumn;

/// All lessons: what is done, how long each takes, what was predicted right; and where to go on.
class LessonList : public QWidget {
    Q_OBJECT

public:
    explicit LessonList(LessonProgress& progress, QWidget* parent = nullptr);

    /// Rows as they are now, the cursor where to go on.
    void refresh();
    /// Null where the cursor is on a file that is no lesson.
    const LessonRow* chosen() const;
    /// Lessons of one's own, in a group below; `folder` is the one that the person chose, if there is one.
    void setOwn(std::vector<FoundLesson> own, const QString& folder);
    /// The words in the language of the lessons.
    static const LessonTexts& textsOf(const LessonRow& row);

signals:
    void lessonWanted(const lab::LessonRow* row, int step);
    /// One of the person's own, by its file.
    void ownWanted(const QString& file, int step);
    void closeWanted();
    /// Asks where to and writes; the window knows how to ask.
    void exportWanted();
    /// A lesson of one's own: likewise.
    void fileWanted();
    void folderWanted();
    void partsWanted();
    /// The lesson as hand-out or solution.
    void paperWanted(const lab::LessonRow* row, bool solution);
    /// To write one of one's own.
    void writeWanted();

protected:
    void keyPressEvent(QKeyEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;

private:
    QWidget* makeHeader();
    QWidget* makeSide();
    QWidget* makeFooter();
    QWidget* makePapers();
    QWidget* makeOwn();
    std::vector<TableColumn> ownColumns() const;
    const FoundLesson* chosenOwn() const;
    void showOwn();
    void choose(bool own);
    void describe();
    void describeBroken();
    void start(bool fromTheStart);

    LessonProgress& m_progress;
    DataTable *m_table, *m_ownTable;
    PanelFrame* m_ownFrame;
    std::vector<FoundLesson> m_own;
    QString m_folder;
    bool m_ownChosen = false;  ///< the cursor is among the person's own
    ThemedLabel *m_title, *m_about, *m_where, *m_count;
    PrimaryButton* m_go;
    Button* m_again;
    QWidget* m_papers;
    Button* m_over;
    bool m_overAsked = false;
};

}  // namespace lab
