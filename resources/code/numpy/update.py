#: update
$numbers
w, g = $W, $clip * d$W  # shortened by the length of the gradient of all weights that are trained
#: update adam; update adamw
m, v = $first, $second
m = beta1 * m + (1 - beta1) * g  #[H*D C]
v = beta2 * v + (1 - beta2) * g ** 2  #[H*D C]
step = -rate * (m / (1 - beta1 ** t)) / (np.sqrt(v / (1 - beta2 ** t)) + epsilon)
#: update sgd
velocity = $first
velocity = momentum * velocity + g  #[H*D C]
step = -rate * velocity
#: update lion
m = $first
step = -rate * np.sign(beta1 * m + (1 - beta1) * g)
m = beta2 * m + (1 - beta2) * g  #[H*D C]
#: update muon
m = $first
m = momentum * m + (1 - momentum) * g  #[H*D C]
Y = momentum * m + (1 - momentum) * g  # a look ahead
Y = Y / max(np.linalg.norm(Y), 1e-7)
tall = Y.shape[0] >= Y.shape[1]
Y = Y if tall else Y.T
for _ in range(5):  # brings the singular values near 1
    A = Y.T @ Y
    Y = 3.4445 * Y + Y @ (-4.775 * A + 2.0315 * A @ A)
step = -rate * np.sqrt(max(1, w.shape[0] / w.shape[1])) * (Y if tall else Y.T)
#: update adafactor
rows, columns = w.shape
kept = $first
kept = kept.reshape(-1)
by_row, by_column = kept[:rows].reshape(-1, 1), kept[rows:rows + columns]  # means of the squares so far
old, squares = 1 - t ** -decay_exponent, g ** 2 + epsilon1
by_row = old * by_row + (1 - old) * squares.mean(1, keepdims=True)
by_column = old * by_column + (1 - old) * squares.mean(0)
ratio = g / np.sqrt(by_row * by_column / by_row.mean())  #[H*D C]
step = -rate * ratio / max(1, np.sqrt((ratio ** 2).mean()))
#: update sgd; update adam
w_new = w + step  #[H*D C]
#: update adamw; update lion; update muon; update adafactor
w_new = w + step - rate * weight_decay * w  #[H*D C]
#: update
#= update[-2] step[h * D + $row]
#= update[-1] w_new[h * D + $row]
