#pragma once

#include <QPointer>
#include <QWidget>

namespace lab {

/// Lies over the page while a prediction is asked whose answer stands there.
class PageCover : public QWidget {
    Q_OBJECT

public:
    explicit PageCover(QWidget* page);

    void setCovering(bool covering);

protected:
    void paintEvent(QPaintEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;
};

}  // namespace lab
