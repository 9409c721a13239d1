// Microseconds a picture, one thread, of the convolutions of R.txt in two libraries: OpenBLAS over copied windows (im2col), a
// picture at a time, and oneDNN, 16 pictures at a time, channels last and in the order that it likes best. The least of many rounds of the
// thread's own time, so that a busy machine changes little. The input's gradient of the first layer is not needed.
#include <cblas.h>
#include <time.h>

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <dnnl.hpp>
#include <functional>
#include <vector>

namespace {

constexpr int rounds = 60;

struct Layer {
  int inputs, outputs, side;  // 3x3, no padding; `side` is the output's
};

double seconds() {
  timespec time;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return time.tv_sec + 1e-9 * time.tv_nsec;
}

// The least microseconds of `work`, per picture.
double least(int pictures, const std::function<void()> &work) {
  double best = 1e9;
  for (int round = 0; round < rounds; round++) {
    double start = seconds();
    for (int i = 0; i < 4; i++) work();
    best = std::min(best, (seconds() - start) / 4 / pictures);
  }
  return best * 1e6;
}

void report(const char *library, const Layer &layer, double forward, double weights, double input) {
  printf("%-24s 3x3 %2d->%2d %2dx%2d  forward %6.2f  weights %6.2f", library, layer.inputs, layer.outputs, layer.side,
         layer.side, forward, weights);
  if (layer.inputs > 1) printf("  input %6.2f", input);
  printf("\n");
}

void openblas(const Layer &layer) {
  const int in = layer.inputs, out = layer.outputs, side = layer.side, width = side + 2;
  const int pixels = side * side, depth = 9 * in;
  std::vector<float> x(width * width * in, 0.01f), dx(x.size()), y(pixels * out, 0.01f), w(depth * out, 0.01f), dw(w.size());
  std::vector<float> windows(pixels * depth), gradient(windows.size());
  double forward = least(1, [&] {
    for (int p = 0; p < pixels; p++)
      for (int row = 0; row < 3; row++)
        memcpy(&windows[p * depth + row * 3 * in], &x[((p / side + row) * width + p % side) * in], 3 * in * sizeof(float));
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, pixels, out, depth, 1, windows.data(), depth, w.data(), out, 0,
                y.data(), out);
  });
  double weights = least(1, [&] {
    cblas_sgemm(CblasRowMajor, CblasTrans, CblasNoTrans, depth, out, pixels, 1, windows.data(), depth, y.data(), out, 0,
                dw.data(), out);
  });
  double input = least(1, [&] {
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, pixels, depth, out, 1, y.data(), out, w.data(), out, 0,
                gradient.data(), depth);
    std::fill(dx.begin(), dx.end(), 0.0f);
    for (int p = 0; p < pixels; p++)
      for (int row = 0; row < 3; row++)
        for (int i = 0; i < 3 * in; i++)
          dx[((p / side + row) * width + p % side) * in + i] += gradient[p * depth + row * 3 * in + i];
  });
  report("OpenBLAS", layer, forward, weights, input);
}

void onednn(const Layer &layer, bool channelsLast) {
  using namespace dnnl;
  const int pictures = 16;
  engine cpu(engine::kind::cpu, 0);
  stream line(cpu);
  const memory::dims x{pictures, layer.inputs, layer.side + 2, layer.side + 2}, w{layer.outputs, layer.inputs, 3, 3},
      b{layer.outputs}, y{pictures, layer.outputs, layer.side, layer.side}, one{1, 1}, none{0, 0};
  auto any = [](const memory::dims &d) { return memory::desc(d, memory::data_type::f32, memory::format_tag::any); };
  auto act = [&](const memory::dims &d) {
    return channelsLast ? memory::desc(d, memory::data_type::f32, memory::format_tag::nhwc) : any(d);
  };
  auto direct = algorithm::convolution_direct;
  convolution_forward::primitive_desc forward(
      {prop_kind::forward_training, direct, act(x), any(w), any(b), act(y), one, none, none}, cpu);
  convolution_backward_weights::primitive_desc weights({direct, act(x), any(w), any(b), act(y), one, none, none}, cpu, forward);
  convolution_backward_data::primitive_desc input({direct, act(x), any(w), act(y), one, none, none}, cpu, forward);
  auto filled = [&](const memory::desc &desc) {
    memory memory(desc, cpu);
    auto *values = static_cast<float *>(memory.get_data_handle());
    std::fill(values, values + desc.get_size() / sizeof(float), 0.01f);
    return memory;
  };
  auto time = [&](const primitive &step, const std::unordered_map<int, memory> &values) {
    return least(pictures, [&] {
      step.execute(line, values);
      line.wait();
    });
  };
  report(channelsLast ? "oneDNN, channels last" : "oneDNN, its own order", layer,
         time(convolution_forward(forward), {{DNNL_ARG_SRC, filled(forward.src_desc())},
                                             {DNNL_ARG_WEIGHTS, filled(forward.weights_desc())},
                                             {DNNL_ARG_BIAS, filled(forward.bias_desc())},
                                             {DNNL_ARG_DST, filled(forward.dst_desc())}}),
         time(convolution_backward_weights(weights), {{DNNL_ARG_SRC, filled(weights.src_desc())},
                                                      {DNNL_ARG_DIFF_WEIGHTS, filled(weights.diff_weights_desc())},
                                                      {DNNL_ARG_DIFF_BIAS, filled(weights.diff_bias_desc())},
                                                      {DNNL_ARG_DIFF_DST, filled(weights.diff_dst_desc())}}),
         time(convolution_backward_data(input), {{DNNL_ARG_DIFF_SRC, filled(input.diff_src_desc())},
                                                 {DNNL_ARG_WEIGHTS, filled(input.weights_desc())},
                                                 {DNNL_ARG_DIFF_DST, filled(input.diff_dst_desc())}}));
}

}  // namespace

int main() {
  for (const Layer &layer : {Layer{1, 16, 26}, Layer{16, 16, 24}, Layer{16, 32, 10}, Layer{32, 32, 8}}) {
    openblas(layer);
    onednn(layer, true);
    onednn(layer, false);
  }
}
