#pragma once

#include <QApplication>
#include <optional>

namespace lab {

/// Fonts and widgets need an application, but no display.
class Canvas {
public:
    explicit Canvas(bool dark = false);

private:
    int m_argumentCount = 1;
    char m_name[14] = "attention-lab";
    char* m_argumentValues[2] = {m_name, nullptr};
    std::optional<QApplication> m_application;
};

}  // namespace lab
