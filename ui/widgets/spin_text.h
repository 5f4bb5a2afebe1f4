#pragma once

#include <QDoubleSpinBox>
#include <QSpinBox>

namespace lab {

/// The number stands where the text has %1.
inline void setAround(QSpinBox& box, const QString& text) {
    box.setPrefix(text.section(QStringLiteral("%1"), 0, 0));
    box.setSuffix(text.section(QStringLiteral("%1"), 1));
}

/// A number with decimals: shown with the decimal point of the language in use, typed with a point or a comma.
class RealBox : public QDoubleSpinBox {
public:
    using QDoubleSpinBox::QDoubleSpinBox;

    double valueFromText(const QString& text) const override { return QDoubleSpinBox::valueFromText(withOwnPoint(text)); }
    QValidator::State validate(QString& text, int& at) const override {
        text = withOwnPoint(text);
        return QDoubleSpinBox::validate(text, at);
    }

private:
    QString withOwnPoint(QString text) const {
        for (const char16_t point : {u'.', u','}) text.replace(QChar(point), locale().decimalPoint());
        return text;
    }
};

}  // namespace lab
