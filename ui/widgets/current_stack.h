#pragma once

#include <QStackedWidget>

namespace lab {

/// Widgets of which one is seen; it alone says how much room is needed.
class CurrentStack : public QStackedWidget {
public:
    explicit CurrentStack(QWidget* parent = nullptr) : QStackedWidget(parent) {
        connect(this, &QStackedWidget::currentChanged, this, [this] { updateGeometry(); });
    }
    bool hasHeightForWidth() const override { return currentWidget() && currentWidget()->hasHeightForWidth(); }
    int heightForWidth(int width) const override { return currentWidget() ? currentWidget()->heightForWidth(width) : -1; }
    QSize sizeHint() const override { return currentWidget() ? currentWidget()->sizeHint() : QStackedWidget::sizeHint(); }
    QSize minimumSizeHint() const override {
        if (!currentWidget()) return QStackedWidget::minimumSizeHint();
        return currentWidget()->minimumSizeHint().expandedTo(currentWidget()->minimumSize());
    }
};

}  // namespace lab
