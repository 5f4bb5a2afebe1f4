#pragma once

#include <QString>
#include <map>
#include <string>
#include <vector>

#include "core/learn/lesson.h"

namespace lab {

/// What was predicted and how far each lesson was walked: a CSV file on this computer, a row an event, which a lecturer can read.
class LessonProgress {
public:
    struct Row {
        std::string time, lesson, step;
        std::string said, right;  ///< empty where nothing was asked
        bool good = false;
    };

    /// Reads what is there; a file that cannot be read is left as it is, and nothing is written to it: problem() says why.
    explicit LessonProgress(QString file);

    /// Adds a row and writes it. False when the file cannot be written.
    bool note(Row row);
    const std::vector<Row>& rows() const { return m_rows; }
    QString problem() const { return m_problem; }

    /// How many of its steps are behind the person, from 0.
    int stepsDone(const Lesson& lesson) const;
    bool isDone(const Lesson& lesson) const { return stepsDone(lesson) == static_cast<int>(lesson.steps.size()); }
    struct Score {
        int right = 0, asked = 0;
    };
    Score scoreOf(const Lesson& lesson) const;
    /// The last answer to "lesson.step"; null when there is none.
    const Row* lastAnswer(const std::string& question) const;

    /// All rows as a file of their own. Throws InputError.
    void exportTo(const QString& file) const;
    /// Forgets everything; the file stays beside as FILE.before.
    void startOver();

private:
    QString m_file, m_problem;
    std::vector<Row> m_rows;
};

}  // namespace lab
