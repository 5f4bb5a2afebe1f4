#pragma once

#include <QObject>
#include <QPointer>
#include <QTimer>

#include "ui/runs/focus.h"
#include "ui/window/own_input.h"

namespace lab {

/// Lets the model read what it says itself, a token after the other at a pace one can follow, so that its maps grow row by row: the decoder
/// of an encoder-decoder its answer to own input, at once, and a decoder that continues texts its text, when asked.
class Writer : public QObject {
    Q_OBJECT

public:
    explicit Writer(Focus& focus, QObject* parent = nullptr);

    /// Reads the run's tokens; null without a run. Writing stops.
    void setOwn(const OwnInput* own);
    /// Whether start() has something to write.
    bool canWrite() const;
    void start();
    void stop();
    bool isWriting() const { return m_pace.isActive(); }
    /// Whether the input is one that it wrote, or is about to.
    bool owns(const Input& input) const;

    /// Tokens that a text is continued by at once.
    static constexpr int mostContinued = 32;

signals:
    void writingChanged();

private:
    void look();
    void write();
    Input next() const;
    bool answerIsThere() const;
    bool isTraining() const;
    void put(const Input& input);
    void setWriting(bool writing);

    Focus& m_focus;
    const OwnInput* m_own = nullptr;
    QPointer<Run> m_run;  ///< that it belongs to
    QTimer m_pace;
    Input m_written;  ///< the input that was written last
    bool m_putting = false;
    int m_left = 0;  ///< tokens that a text is still to be continued by
};

}  // namespace lab
