#pragma once

#include <QPointer>
#include <QWidget>

#include "core/training/validation_course.h"
#include "ui/runs/run.h"

class QVBoxLayout;

namespace lab {

class ThemedLabel;

/// What is to be said of a run's validation at a step: that it rises, that the training ended by itself, and of a text whether the model is
/// better than counting. A pure function of records and step; nothing to say takes no room.
class TrainVerdict : public QWidget {
    Q_OBJECT

public:
    explicit TrainVerdict(QWidget* parent = nullptr);

    /// Null: none.
    void setRun(Run* run);
    /// Takes in what the run has recorded since the last time, and speaks of the last validation up to `step`.
    void follow(std::int64_t step);

    /// Sentences as shown; empty where there are none.
    QString course() const;
    QString counting() const;

private:
    void applyMeasures();
    void restart();
    void say(ThemedLabel& label, const QString& text);
    QString courseAt(std::int64_t step) const;
    QString endAt(std::int64_t step) const;
    void showCounting(std::int64_t step);

    QPointer<Run> m_run;
    QMetaObject::Connection m_resetConnection;
    ValidationCourse m_validations;
    std::size_t m_taken = 0;  ///< records
    ThemedLabel *m_course, *m_counting;
    QVBoxLayout* m_lines;
};

}  // namespace lab
