#pragma once

#include <QWidget>

namespace lab {

class Button;
class DataTable;
class LessonProgress;
class PrimaryButton;
class ThemedLabel;
struct LessonRow;
struct LessonTexts;

/// All lessons: what is done, how long each takes, what was predicted right; and where to go on.
class LessonList : public QWidget {
    Q_OBJECT

public:
    explicit LessonList(LessonProgress& progress, QWidget* parent = nullptr);

    /// Rows as they are now, the cursor where to go on.
    void refresh();
    const LessonRow* chosen() const;
    /// The words in the language of the lessons.
    static const LessonTexts& textsOf(const LessonRow& row);

signals:
    void lessonWanted(const lab::LessonRow* row, int step);
    void closeWanted();
    /// Asks where to and writes; the window knows how to ask.
    void exportWanted();
    /// A lesson of one's own: likewise.
    void fileWanted();

protected:
    void keyPressEvent(QKeyEvent* event) override;

private:
    QWidget* makeHeader();
    QWidget* makeSide();
    QWidget* makeFooter();
    void describe();
    void start(bool fromTheStart);

    LessonProgress& m_progress;
    DataTable* m_table;
    ThemedLabel *m_title, *m_about, *m_where, *m_count;
    PrimaryButton* m_go;
    Button* m_again;
    Button* m_over;
    bool m_overAsked = false;
};

}  // namespace lab
