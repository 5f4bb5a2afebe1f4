#include "ui/lessons/lesson_progress.h"

#include <QDateTime>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <algorithm>
#include <set>

#include "core/base/csv.h"
#include "core/base/errors.h"
#include "core/base/files.h"
#include "core/base/platform_files.h"
#include "ui/text/message_text.h"

namespace lab {
namespace {

const std::vector<std::string> columns = {"time", "lesson", "step", "said", "right", "good"};

std::string lineOf(const LessonProgress::Row& row) {
    return csvLine({row.time, row.lesson, row.step, row.said, row.right, row.said.empty() ? "" : row.good ? "1" : "0"});
}

/// Throws InputError.
std::vector<LessonProgress::Row> readRows(const QString& file) {
    std::vector<LessonProgress::Row> rows;
    const std::vector<CsvRecord> records = parseCsv(readFile(pathFromUtf8(file.toStdString())), file.toStdString());
    if (records.empty() || records.front().cells != columns)
        throw InputError(file.toStdString(), LAB_TEXT("lessons", "not the progress of lessons"));
    for (auto record = records.begin() + 1; record != records.end(); ++record) {
        const std::vector<std::string>& cells = record->cells;
        if (cells.size() != columns.size())
            throw InputError(file.toStdString(), Message(LAB_TEXT("lessons", "line %1 has other columns")).arg(record->line));
        rows.push_back({cells[0], cells[1], cells[2], cells[3], cells[4], cells[5] == "1"});
    }
    return rows;
}

}  // namespace

LessonProgress::LessonProgress(QString file) : m_file(std::move(file)) {
    if (!QFile::exists(m_file)) return;
    try {
        m_rows = readRows(m_file);
    } catch (const InputError& error) {
        m_problem = shown(error.message());
    }
}

bool LessonProgress::note(Row row) {
    if (row.time.empty()) row.time = QDateTime::currentDateTimeUtc().toString(Qt::ISODate).toStdString();
    m_rows.push_back(row);
    if (!m_problem.isEmpty()) return false;
    QDir().mkpath(QFileInfo(m_file).path());
    QFile out(m_file);
    const bool begins = !out.exists() || out.size() == 0;
    if (!out.open(QIODevice::Append)) return false;
    const std::string text = (begins ? csvLine(columns) + "\n" : std::string()) + lineOf(row) + "\n";
    return out.write(text.data(), static_cast<qint64>(text.size())) == static_cast<qint64>(text.size()) && out.flush();
}

int LessonProgress::stepsDone(const Lesson& lesson) const {
    std::set<std::string> walked;
    for (const Row& row : m_rows)
        if (row.lesson == lesson.id) walked.insert(row.step);
    int done = 0;
    for (const LessonStep& step : lesson.steps) {
        if (!walked.contains(step.id)) break;
        ++done;
    }
    return done;
}

LessonProgress::Score LessonProgress::scoreOf(const Lesson& lesson) const {
    Score score;
    for (const LessonStep& step : lesson.steps) {
        const Row* answer = step.predict ? lastAnswer(lesson.id + "." + step.id) : nullptr;
        if (!answer) continue;
        ++score.asked;
        score.right += answer->good;
    }
    return score;
}

const LessonProgress::Row* LessonProgress::lastAnswer(const std::string& question) const {
    const auto found = std::find_if(m_rows.rbegin(), m_rows.rend(),
                                    [&question](const Row& row) { return !row.said.empty() && row.lesson + "." + row.step == question; });
    return found == m_rows.rend() ? nullptr : &*found;
}

void LessonProgress::exportTo(const QString& file) const {
    std::string text = csvLine(columns) + "\n";
    for (const Row& row : m_rows) text += lineOf(row) + "\n";
    replaceFile(pathFromUtf8(file.toStdString()), {text});
}

void LessonProgress::startOver() {
    m_rows.clear();
    m_problem.clear();
    const QString before = m_file + QStringLiteral(".before");
    QFile::remove(before);
    QFile::rename(m_file, before);
}

}  // namespace lab
