#pragma once

#include <QObject>
#include <QString>
#include <memory>
#include <vector>

#include "core/model/trace.h"

namespace lab {

class Focus;
class Inspector;

/// A second input that is kept beside the one in focus, under the same weights: what changes when a token is changed or hidden?
class Comparison : public QObject {
    Q_OBJECT

public:
    explicit Comparison(Focus& focus);
    ~Comparison() override;

    /// Keeps an input; `name` says which it is ("validation sample 12").
    void keep(const Input& input, const QString& name);
    void drop();
    bool active() const { return m_active; }

    const Input& input() const { return m_input; }
    QString name() const { return m_name; }
    /// Of the kept input; null before the first. It follows the focus's trace and may lag behind it by a moment: step() says.
    std::shared_ptr<const Trace> trace() const { return m_trace; }
    std::int64_t step() const { return m_step; }
    /// The focus's trace under the very same weights: what trace() may be held against, whatever step the focus has reached meanwhile.
    std::shared_ptr<const Trace> counterpart() const { return m_counterpart; }
    /// As Focus::answer().
    const std::vector<int>& answer() const { return m_answer; }
    QString error() const { return m_error; }

signals:
    /// Kept or dropped.
    void inputChanged();
    /// A trace, an answer or an error came.
    void traceChanged();

private:
    void follow();
    void forget();
    void takeCounterpart();

    Focus& m_focus;
    std::unique_ptr<Inspector> m_inspector;
    bool m_active = false;
    Input m_input;
    QString m_name;
    std::shared_ptr<const Trace> m_trace;
    std::shared_ptr<const Trace> m_followed;  ///< the focus's trace that was answered
    std::shared_ptr<const Trace> m_counterpart;
    std::vector<std::pair<std::int64_t, std::shared_ptr<const Trace>>> m_asked;  ///< followed at these steps, not answered yet
    std::int64_t m_step = -1;
    std::vector<int> m_answer;
    QString m_error;
};

}  // namespace lab
