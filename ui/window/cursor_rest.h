#pragma once

#include <QObject>
#include <QTimer>
#include <chrono>

namespace lab {

/// A text cursor that blinks wakes the program twice a second, all day. When hand and keyboard have rested for a while it stands still,
/// seen as before, and blinks again with the next key or click. One for the whole application.
class CursorRest : public QObject {
    Q_OBJECT

public:
    explicit CursorRest(std::chrono::milliseconds after = std::chrono::seconds(10));
    ~CursorRest() override;

    bool isResting() const { return m_usual > 0; }

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void rest();
    void wake();

    QTimer m_timer;
    int m_usual = 0;  ///< milliseconds of a blink, while it rests
};

}  // namespace lab
