#pragma once

#include <QWidget>

namespace lab {

/// A sentence in as many lines as its width needs. No label: one that wraps would have the layout ask for more height than there is.
class FittedText : public QWidget {
public:
    explicit FittedText(QWidget* parent = nullptr) : QWidget(parent) {}

    QString text() const { return accessibleName(); }
    void setText(const QString& text);
    /// As high as the text is in this width.
    void fit(int width);

protected:
    void paintEvent(QPaintEvent* event) override;
};

}  // namespace lab
