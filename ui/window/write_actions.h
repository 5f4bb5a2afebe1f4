#pragma once

#include <QObject>
#include <QPointer>
#include <QTimer>
#include <memory>

#include "core/learn/lesson_writing.h"
#include "ui/documents/own_file.h"
#include "ui/lessons/lesson_editor.h"
#include "ui/lessons/lesson_recorder.h"
#include "ui/runs/jobs.h"

namespace lab {

class LessonActions;
class LessonEditor;
class MainWindow;
class NoticeStrip;

/// Writing a lesson in the window: records what is done, keeps what is written in a file of the program until it is saved, plays and
/// tries it.
class WriteActions : public QObject {
    Q_OBJECT

public:
    /// `draftFile`, or one beside it where another window has that, keeps a lesson that is not finished.
    WriteActions(MainWindow& window, LessonActions& lessons, const QString& draftFile, QObject* parent);
    ~WriteActions() override;

    LessonEditor& editor() const { return *m_editor; }
    LessonRecorder& recorder() const { return *m_recorder; }

    /// The editor, or first the recording where nothing is written yet.
    void open();
    void record();
    void stopRecording();
    void close();
    /// Writes what is not saved yet where the next window finds it; by itself a moment after each change.
    void keep();
    /// Into this folder; files that are there already are first told, and written over by the editor's offer.
    void saveTo(const QString& folder);
    /// A lesson that was saved, to change it; before one that was not goes, the editor asks.
    void openFile(const QString& file);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void check();
    void tryIt();
    void askWhere();
    void askWhich();
    void replace();
    void showHere(std::size_t step);
    void showRecording();
    void readDraft();
    void begin();
    void lookSoon();
    void takeRun();
    void takeTraining();
    void takeInput();
    Place place() const;
    Experiment asked() const;

    MainWindow& m_window;
    LessonActions& m_lessons;
    const OwnFile m_draft;
    QPointer<LessonEditor> m_editor;  ///< goes before this does, with the window
    LessonRow m_written;              ///< as it stands there
    LessonRecorder* m_recorder;
    NoticeStrip* m_bar;
    QTimer m_keeping;
    JobPtr m_playing;
    std::optional<LessonRow> m_tried, m_saved;
    std::function<void()> m_offered;  ///< what the editor's offer does
    QString m_folder;
    QPointer<Run> m_run;           ///< that is recorded
    std::vector<int> m_tokens;     ///< that it read last
    std::int64_t m_trainedTo = 0;  ///< where it paused last
    Experiment m_base;             ///< what the lesson opens
};

}  // namespace lab
