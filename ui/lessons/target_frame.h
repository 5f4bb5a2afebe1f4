#pragma once

#include <QPointer>
#include <QWidget>

namespace lab {

/// A dashed frame in the hand's colour around what a lesson speaks of, wherever that moves; mouse and keys go through it.
class TargetFrame : public QWidget {
    Q_OBJECT

public:
    explicit TargetFrame(QWidget* window);

    /// Null: around nothing.
    void setTarget(QWidget* target);
    QWidget* target() const { return m_target; }

protected:
    void paintEvent(QPaintEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void follow();

    QPointer<QWidget> m_target;
};

}  // namespace lab
